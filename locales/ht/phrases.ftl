# Fraz pou moman tout bon nan lekòl la. Bouyon: pa gen moun ki pale lang nan ki verifye l ankò.

# status: draft
closed = { $school }: PA GEN lekòl { $date } ({ $reason }). Pa gen bis, pa gen aktivite. Kesyon: reponn mesaj sa a oswa rele { $phone }
    .plain = Pa gen lekòl { $date }. Lekòl la fèmen. Pa gen bis.
    .subject = Pa gen lekòl { $date }
# status: draft
delayed-opening = { $school }: lekòl la ap louvri PI TA { $date }, a { $time }. Bis yo ap pase pi ta tou. Kesyon: reponn oswa rele { $phone }
    .plain = Lekòl la ap kòmanse { $date } a { $time }. Tanpri pa vini anvan lè sa a.
    .subject = Lekòl la ap louvri pi ta { $date }
# status: draft
early-dismissal = { $school }: JODI A lekòl la ap lage pi bonè, a { $time }. Vin chèche pitit ou oswa tann bis la a lè sa a. Kesyon: { $phone }
    .plain = Jodi a lekòl la ap fini a { $time }. Tanpri, vin chèche pitit ou oswa tann bis la a lè sa a.
    .subject = Lekòl la ap lage pi bonè jodi a
# status: draft
secured = { $school }: pòt yo fèmen akle kounye a pou plis sekirite. Tout timoun yo an sekirite anndan an. Tanpri PA VINI, pa rele. N ap ekri w ankò.
    .plain = Timoun yo an sekirite anndan lekòl la. Tanpri pa vini anvan nou ekri w.
    .subject = Pòt lekòl la fèmen akle; timoun yo an sekirite
# status: draft
do-not-come = { $school }: tanpri PA VINI nan lekòl la kounye a. Timoun yo an sekirite avèk nou. N ap ekri w ankò talè.
    .plain = Rete kote ou ye a. Pa vini nan lekòl la. Timoun yo an sekirite.
    .subject = Tanpri pa vini nan lekòl la kounye a
# status: draft
pick-up-at = { $school }: vin chèche pitit ou KOUNYE A nan { $place }. Pote yon pyès idantite ki gen foto w. Timoun yo an sekirite. { $phone }
    .plain = Pitit ou ap tann ou nan { $place }. Vini kounye a ak pyès idantite ou.
    .subject = Vin chèche pitit ou kounye a
# status: draft
all-clear = { $school }: tout bagay retounen nòmal. Lekòl la ap mache tankou chak jou. Mèsi pou pasyans ou. Kesyon: reponn mesaj sa a
    .plain = Pwoblèm nan fini. Lekòl la ap mache nòmal.
    .subject = Tout bagay retounen nòmal
# status: draft
correction = { $school }: KOREKSYON. Dènye mesaj nou an te gen yon erè. Tanpri li sa a: { $text }
    .plain = Bliye dènye mesaj nou an. Men sa ki kòrèk: { $text }
    .subject = Koreksyon
# status: draft
test = { $school }: sa a se yon tès sèlman pou mesaj ijans yo. Anyen pa rive. Ou pa bezwen fè anyen.
    .plain = Se yon tès. Pa gen okenn pwoblèm.
    .subject = Tès pou mesaj ijans yo
# status: draft
class-meeting = { $teacher }: nou envite w nan reyinyon klas nou an { $date }, { $time }, { $place }.
    .plain = Tanpri vini nan lekòl la { $date } a { $time }. N ap pale sou klas pitit ou a.
    .subject = Reyinyon klas la { $date }
# status: draft
absent-today = { $school }: { $student } pa nan lekòl la jodi a. Tanpri di nou poukisa.
    .plain = { $student } pa la jodi a. Li malad?
    .subject = Absans jodi a
# status: draft
reading-at-home = { $teacher }: semèn sa a, tanpri li ak { $student } dis minit chak jou, nan nenpòt lang. Apre sa, mande ki sa ki pase nan istwa a.
    .plain = Li ansanm dis minit chak jou. Lang pa w la bon pou sa.
    .subject = Li lakay
# status: draft
homework-help = { $teacher }: gen èd pou fè devwa, { $date } a { $time }, { $place }. Li gratis.
    .plain = Pitit ou ka jwenn èd gratis pou fè devwa lekòl, { $date } a { $time }.
    .subject = Èd pou devwa
# status: draft
field-trip-permission = { $teacher }: klas nou an pral vizite { $place } { $date }. Ou dakò pou { $student } ale avèk nou?
    .plain = Nou vle mennen { $student } nan { $place } { $date }. Ou bay pèmisyon?
    .subject = Sòti klas la { $date }
# status: draft
conference-invite = { $teacher }: mwen ta renmen pale avèk ou sou { $student }, { $date } a { $time }. Gen yon entèprèt gratis.
    .plain = Ann rankontre { $date } a { $time } pou nou pale sou { $student }. N ap mennen yon entèprèt.
    .subject = Yon konvèsasyon sou { $student }
# status: draft
bus-late = { $school }: jodi a bis la ap gen anviwon { $minutes } minit reta. Timoun yo ap tann avèk yon pwofesè.
    .plain = Bis la ap vini { $minutes } minit pi ta. Pitit ou avèk nou.
    .subject = Bis la an reta jodi a
# status: draft
bring-item = { $teacher }: tanpri voye { $item } ak { $student }, { $date }.
    .plain = { $student } bezwen { $item } { $date }.
    .subject = Tanpri voye { $item }
# status: draft
good-news = { $teacher }: bon nouvèl sou { $student }: { $text }
    .plain = { $student } fè trè byen: { $text }
    .subject = Bon nouvèl
# status: draft
parents-rights-notice = { $school }: ou gen dwa jwenn yon entèprèt gratis ak papye lekòl an kreyòl. Mande nou nenpòt lè: reponn mesaj sa a oswa rele { $phone }
    .plain = Lekòl la dwe ede w nan lang ou. Li gratis. Di nou sa: { $phone }
    .subject = Dwa w pou gen yon entèprèt
# status: draft
council-meeting = { $school }: paran ak anplwaye lekòl la ap deside ansanm { $date }, { $time }, { $place }. Vwa w konte. Gen entèprèt.
    .plain = Vin di sa ou panse sou lekòl la { $date } a { $time }. Nou gen entèprèt.
    .subject = Konsèy paran { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } manke lekòl plizyè jou. Kòman nou ka ede? Tanpri reponn an kreyòl.
    .plain = { $student } pa t vin lekòl anpil fwa. Ki sa nou ka fè? Tanpri ekri nou.
    .subject = Kòman nou ka ede?
