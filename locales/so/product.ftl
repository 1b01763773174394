# Waxa Homeword qoysaska u sheego. Qabyo: weli qof Af-Soomaali ku hadla ma hubin.

# status: draft
first-contact = { $school }: farriimaha iskuulka, Af-Soomaali. Waad jawaabi kartaa. Lambar khaldan: KHALDAN. Joojin: JOOJI ama STOP. Caawin: CAAWI. Lacag baa ku bixi karta.
# status: draft
who-is-it-for = { $school }: farriintaada waan helnay. Yaad u dirtay?
# status: draft
who-is-it-for-office = 9 Xafiiska ama ma garanayo
# status: draft
who-is-it-for-else = Haddii aadan jawaabin, xafiiska ayaa akhrinaya.
# status: draft
stopped = { $school }: farriimaha waa la joojiyay, degdegga mooyee. Haddaad rabto: 7 = jooji kuwa { $teacher } keliya. 8 = xitaa degdegga jooji. START = dib u bilow.
# status: draft
stopped-simple = { $school }: farriimaha waa la joojiyay, kuwa degdegga ah mooyee. Haddaad rabto: 8 = xitaa kuwa degdegga ah jooji. START = dib u bilow.
# status: draft
stopped-teacher-only = { $school }: farriimaha { $teacher } keliya ayaa la joojiyay. Kuwa kale way socdaan. START = dib u bilow dhammaan.
# status: draft
stopped-all = { $school }: dhammaan farriimaha waa la joojiyay, xitaa kuwa degdegga ah. START = dib u bilow.
# status: draft
perhaps-stop = { $school }: ma doonaysaa in farriimaha la joojiyo? Ku jawaab JOOJI ama STOP. Haddii kale waxba ha samayn.
# status: draft
started = { $school }: farriimahayaga mar kale ayaad helaysaa. Si aad u joojiso: JOOJI ama STOP.
# status: draft
help = { $school }: kuwani waa farriimaha iskuulka ilmahaaga. Farriintan Af-Soomaali kaga jawaab, ama wac { $phone }. Si aad u joojiso: JOOJI ama STOP.
# status: draft
received = { $school }: farriintaada waan helnay. Waxaa la akhrin doonaa maalinta { $date } ({ $teacher }). Khatar ma jirtaa hadda? Wac 911.
# status: draft
received-unknown-number = { $school }: farriintaada waan helnay. Lambarkan weli ma naqaan. Xafiiska ayaa akhrinaya. Su'aalo: { $phone }
# status: draft
not-clear = Waan ka xunnahay, farriintayadu ma caddayn. Si ka fudud ayaan u qoraynaa. { $show } Tus qoraalka Ingiriisiga { $contact } Qof afkayga ku hadla ha ila soo xiriiro, bilaash
# status: draft
wrong-number = { $school }: waan ka xunnahay. Lambarkan farriin kale uma soo diri doonno.
# status: draft
notice-original = { $school }: farriinta xigta waa Ingiriisi. Weli Af-Soomaali kuma hayno. Si aad u hesho turjubaan bilaash ah, wac { $phone }
# status: draft
notice-machine = Kombiyuutar ayaa turjumay.
# status: draft
contact-me-received = { $school }: qof Af-Soomaali ku hadla ayaa kula soo xiriiri doona ugu dambayn { $date }. Waa bilaash.
# status: draft
answer-noted = { $school }: jawaabtaada waan qornay: { $answer }
# status: draft
routed-to = { $school }: farriintaada waxaan u dirnay { $teacher }.
# status: draft
menu-closed = { $school }: su'aashaas waqtigeedii wuu dhammaaday. Tiradii aad soo dirtay lama xisaabin. Fadlan jawaabta ereyo ku qor.
# status: draft
who-answers-now = { $school }: hadda jawaabta farriintaada waxaad ka helaysaa { $teacher }.
# status: draft
needs-to-reach-you = { $school }: fadlan la xiriir { $teacher }. Farriintan ka jawaab, ama wac { $phone }
# status: draft
your-child = ilmahaaga
# status: draft
corrects = Sixid. Tani waxay beddelaysaa farriintayadii hore:
# status: draft
reminder = Waa xusuusin, weli jawaab ma aannaan helin:
# status: draft
whole-message = Farriinta oo dhan:
# status: draft
link-ended = Boggan hadda lama heli karo. Fadlan ka jawaab farriintii uu linkigu ku jiray, iskuulka ayaa ku caawin doona.
# status: draft
we-are-learning = Waxaan baranaynaa:
# status: draft
try-at-home = Guriga ku samee:
# status: draft
ask-your-child = Weydii ilmahaaga:
# status: draft
answer-coming = Waan imanayaa
# status: draft
answer-not-coming = Ma imanayo
# status: draft
answer-permit = Waan oggolahay
# status: draft
answer-refuse = Ma oggoli
# status: draft
answer-ill = Xanuun
# status: draft
answer-appointment = Ballan
# status: draft
answer-on-the-way = Ilmuhu wuu soo socdaa
# status: draft
answer-should-be-there = Waxaan moodayay in ilmuhu iskuulka joogo
# status: draft
answer-contact-me = Ila soo xiriira
# status: draft
answer-not-clear = Qoraalku ma cadda
# status: draft
email-subject-from = Farriin ka timid { $school }
# status: draft
email-reply-above = Jawaabtaada ku qor xariiqdan korkeeda
# status: draft
email-original-label = Qoraalka asalka ah (Ingiriisi)
# status: draft
email-footer = Iimaylkan Af-Soomaali ayaad kaga jawaabi kartaa. Si aad iimaylada u joojiso, ku jawaab JOOJI.
# status: draft
email-stop-ask = Ma doonaysaa in la joojiyo iimaylada iskuulka { $school }? Iimaylada degdegga ah weli way kuu iman doonaan.
# status: draft
email-stop-button = Jooji iimayladan
# status: draft
email-stopped = Waa la joojiyay. Hadda ka dib iimaylada iskuulka { $school } kuuma imanayaan, kuwa degdegga ah mooyee. Si aad mar kale u hesho, mid ka mid ah iimayladayada START kaga jawaab.
# status: draft
email-file-withheld = { $school }: farriintaada waan helnay, laakiin fayl ku jiray iimaylkaaga nama soo gaarin. Fadlan noo soo dir isagoo sawir ama PDF ah, ama wac { $phone }.
# status: draft
call-says = { $school }. Lambarkan waxaa loogu talagalay farriimaha qoraalka ah. Farriin Af-Soomaali ah noo soo dir, ama wac xafiiska: { $phone }.
# status: draft
call-missed = { $school }. Hadda qof wicitaankaaga qaban kara ma jiro. Waan aragnay inaad soo wacday, waana kula soo xiriiri doonnaa. Waxaad sidoo kale noo soo diri kartaa farriin Af-Soomaali ah.
