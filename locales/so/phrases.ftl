# Ereyo loogu talagalay waqtiyada dhabta ah ee iskuulka. Qabyo: weli qof Af-Soomaali ku hadla ma hubin.

# status: draft
closed = { $school }: { $date } ISKUUL MA JIRO ({ $reason }). Basas iyo hawlo kale ma jiraan. Su'aalo: farriintan ka jawaab ama wac { $phone }
    .plain = { $date } iskuulka lama furayo. Bas ma imanayo.
    .subject = Iskuul ma jiro { $date }
# status: draft
delayed-opening = { $school }: { $date } iskuulku GOOR DAMBE ayuu furmayaa, saacadda { $time }. Basasku sidoo kale way daahayaan. Su'aalo: { $phone }
    .plain = { $date } iskuulku wuxuu bilaabanayaa saacadda { $time }. Ka hor lama furayo.
    .subject = Iskuulku goor dambe ayuu furmayaa { $date }
# status: draft
early-dismissal = { $school }: maanta iskuulku GOOR HORE ayuu xirmayaa, saacadda { $time }. Markaas ilmahaaga ka soo qaado iskuulka ama baska. Su'aalo: { $phone }
    .plain = Maanta iskuulku wuxuu dhammaanayaa saacadda { $time }. Fadlan waqtigaas ilmahaaga ku sug iskuulka ama meesha baska.
    .subject = Maanta iskuulku goor hore ayuu xirmayaa
# status: draft
secured = { $school }: hadda albaabbada waa la xiray taxaddar ahaan. Dhammaan carruurtu gudaha way ku nabad qabaan. Fadlan ha iman, hana wicin. Waan soo qoraynaa.
    .plain = Carruurtu way ku nabad qabaan iskuulka gudihiisa. Fadlan ha iman ilaa aan kuu soo qorno.
    .subject = Albaabbada iskuulka waa la xiray; carruurtu way nabad qabaan
# status: draft
do-not-come = { $school }: fadlan hadda iskuulka HA IMAN. Carruurtu way nala joogaan, way nabad qabaan. Dhowaan ayaan mar kale soo qoraynaa.
    .plain = Joog meesha aad joogto. Iskuulka ha iman. Carruurtu way nabad qabaan.
    .subject = Fadlan hadda iskuulka ha iman
# status: draft
pick-up-at = { $school }: hadda ilmahaaga ka soo qaado { $place }. Keen ID sawir leh. Carruurtu way nabad qabaan. { $phone }
    .plain = Ilmahaagu wuxuu kugu sugayaa { $place }. Hadda kaalay, ID-gaagana keen.
    .subject = Hadda ilmahaaga soo qaado
# status: draft
all-clear = { $school }: mar kale wax walba waa hagaag. Iskuulku waa sidii caadiga ahayd. Waad ku mahadsan tahay samirkaaga. Su'aalo: farriintan ka jawaab
    .plain = Dhibaatadii way dhammaatay. Iskuulku waa caadi.
    .subject = Mar kale wax walba waa hagaag
# status: draft
correction = { $school }: SIXID. Farriintayadii hore way khaldanayd. Fadlan tan akhri: { $text }
    .plain = Iska illow farriintii hore. Tani waa tan saxda ah: { $text }
    .subject = Sixid
# status: draft
test = { $school }: tani waa TIJAABO oo keliya, waxaan tijaabinaynaa farriimaha degdegga ah. Uma baahnid inaad wax samayso.
    .plain = Tani waa tijaabo. Waxba ma dhicin.
    .subject = Tijaabada farriimaha degdegga ah
# status: draft
class-meeting = { $teacher }: waxaan kugu casuumaynaa kulanka fasalka: { $date }, { $time }, { $place }.
    .plain = Fadlan iskuulka kaalay { $date }, saacadda { $time }. Waxaan ka hadlaynaa fasalka ilmahaaga.
    .subject = Kulanka fasalka { $date }
# status: draft
absent-today = { $school }: { $student } ayaa maanta iskuulka ka maqan. Fadlan noo sheeg sababta.
    .plain = Maanta { $student } ayaa iskuulka ka maqan. Ma xanuun baa?
    .subject = Maqnaanshaha maanta
# status: draft
reading-at-home = { $teacher }: toddobaadkan fadlan { $student } wax la akhri toban daqiiqo maalin kasta, af kasta ha ahaado. Weydii waxa ay sheekadu ku saabsanayd.
    .plain = Maalin kasta toban daqiiqo wada akhriya. Afkiinnu wuu fiican yahay.
    .subject = Akhriska guriga
# status: draft
homework-help = { $teacher }: caawimada casharka guriga waa { $date }, { $time }, { $place }. Waa bilaash.
    .plain = Ilmahaagu caawimo bilaash ah ayuu ka heli karaa casharka guriga: { $date }, saacadda { $time }.
    .subject = Caawimada casharka guriga
# status: draft
field-trip-permission = { $teacher }: fasalkayagu wuxuu tagayaa { $place }, { $date }. Ma oggoshahay in { $student } la kaxeeyo?
    .plain = Waxaan rabnaa inaan { $student } geyno { $place }, { $date }. Ma oggoshahay?
    .subject = Safarka fasalka { $date }
# status: draft
conference-invite = { $teacher }: waxaan jeclaan lahaa inaan kaala hadlo { $student }: { $date }, { $time }. Turjubaanku waa bilaash.
    .plain = Aan kulanno { $date }, saacadda { $time }, oo aan ka wada hadalno { $student }. Turjubaan ayaan keenaynaa.
    .subject = Wada hadal ku saabsan { $student }
# status: draft
bus-late = { $school }: maanta basku wuxuu daahayaa qiyaastii { $minutes } daqiiqo. Carruurta macallin ayaa la jooga.
    .plain = Basku wuxuu imanayaa { $minutes } daqiiqo waqtigiisa ka dib. Ilmahaagu wuu nala joogaa.
    .subject = Maanta basku wuu daahayaa
# status: draft
bring-item = { $teacher }: fadlan { $student } u soo dhiib { $item }, { $date }.
    .plain = Waxaa loo baahan yahay { $item }, { $date }. Fadlan sii { $student }.
    .subject = Fadlan keen { $item }
# status: draft
good-news = { $teacher }: war fiican oo ku saabsan { $student }: { $text }
    .plain = Aad baan ugu faraxsannahay { $student }: { $text }
    .subject = War fiican
# status: draft
parents-rights-notice = { $school }: waxaad xaq u leedahay turjubaan bilaash ah iyo waraaqo Af-Soomaali ah. Mar kasta na weydii: farriintan ka jawaab ama wac { $phone }
    .plain = Iskuulku waa inuu kugu caawiyo afkaaga. Waa bilaash. Noo sheeg: { $phone }
    .subject = Xaqaaga turjubaanka
# status: draft
council-meeting = { $school }: waalidka iyo shaqaaluhu wax ayay wada go'aaminayaan: { $date }, { $time }, { $place }. Codkaagu waa muhiim. Turjubaan ayaa jooga.
    .plain = Kaalay { $date }, saacadda { $time }, oo noo sheeg fikirkaaga ku saabsan iskuulka. Turjubaanno ayaan haynaa.
    .subject = Golaha waalidka { $date }
# status: draft
attendance-check-in = { $teacher }: dhowr maalmood { $student } iskuulka kuma aannaan arkin. Sidee baan kuu caawin karnaa? Fadlan afkaaga ku jawaab.
    .plain = Maalmo badan { $student } halkan kuma aannaan arkin. Maxaan samayn karnaa? Fadlan noo soo qor.
    .subject = Sidee baan kuu caawin karnaa?
