# Sa Homeword di fanmi yo. Bouyon: pa gen moun ki pale lang nan ki verifye l ankò.

# status: draft
first-contact = { $school }: mesaj lekòl an kreyòl. Ou ka reponn. Si se pa pou ou, reponn PA POU MWEN. Pou sispann: SISPANN oswa STOP. Pou èd: EDE. Mesaj ka koute lajan.
# status: draft
who-is-it-for = { $school } resevwa mesaj ou a. Pou ki moun li ye?
# status: draft
who-is-it-for-office = 9 Biwo lekòl la oswa mwen pa konnen
# status: draft
who-is-it-for-else = Si ou pa reponn, biwo a ap li l.
# status: draft
stopped = { $school }: nou sispann voye mesaj, sof ijans. Ou ka kite l konsa. 7 = sispann mesaj { $teacher } sèlman. 8 = sispann ijans tou. START = resevwa mesaj ankò.
# status: draft
stopped-simple = { $school }: nou sispann voye mesaj, sof ijans. Ou ka kite l konsa. 8 = sispann ijans tou. START = resevwa mesaj ankò.
# status: draft
stopped-teacher-only = { $school }: se mesaj { $teacher } sèlman nou sispann. Tout lòt mesaj yo ap kontinye. START = resevwa tout mesaj ankò.
# status: draft
stopped-all = { $school }: nou sispann tout mesaj, menm pou ijans. START = resevwa mesaj ankò.
# status: draft
perhaps-stop = { $school }: ou pa vle resevwa mesaj ankò? Reponn SISPANN oswa STOP. Si se pa sa ou te vle di, pa fè anyen.
# status: draft
started = { $school }: w ap resevwa mesaj nou yo ankò. Pou sispann: SISPANN oswa STOP.
# status: draft
help = { $school }: mesaj ki soti nan lekòl pitit ou. Reponn mesaj sa a an kreyòl oswa rele { $phone }. Pou sispann: SISPANN oswa STOP.
# status: draft
received = { $school }: nou resevwa mesaj ou a. { $teacher } ap li l { $date }. Gen danje kounye a? Rele 911.
# status: draft
received-unknown-number = { $school }: nou resevwa mesaj ou a. Nou poko konnen nimewo sa a. Biwo lekòl la ap li mesaj la. Kesyon: { $phone }
# status: draft
not-clear = Eskize nou, mesaj nou an pa t klè. N ap ekri l pi senp. { $show } Montre premye mesaj la an anglè { $contact } Mwen vle yon moun kontakte m an kreyòl, gratis
# status: draft
wrong-number = { $school }: eskize nou. Nou p ap ekri nan nimewo sa a ankò.
# status: draft
notice-original = { $school }: pwochen mesaj la an anglè. Nou poko genyen l an kreyòl. Pou jwenn yon entèprèt gratis, rele { $phone }
# status: draft
notice-machine = Se yon òdinatè ki tradui l.
# status: draft
contact-me-received = { $school }: yon moun ap kontakte w an kreyòl, pa pi ta pase { $date }. Li gratis.
# status: draft
answer-noted = { $school }: nou note repons ou a: { $answer }
# status: draft
routed-to = { $school }: { $teacher } gen mesaj ou a.
# status: draft
menu-closed = { $school }: kesyon sa a fèmen, se sa k fè nou pa konte chif la. Tanpri ekri repons ou a ak mo.
# status: draft
who-answers-now = { $school }: kounye a se { $teacher } k ap reponn mesaj ou a.
# status: draft
needs-to-reach-you = { $school }: { $teacher } bezwen kontakte w. Tanpri reponn mesaj sa a oswa rele { $phone }
# status: draft
your-child = pitit ou
# status: draft
corrects = Koreksyon. Mesaj sa a ranplase dènye mesaj nou an:
# status: draft
reminder = Yon ti rapèl, paske nou poko resevwa repons:
# status: draft
whole-message = Tout mesaj la:
# status: draft
link-ended = Paj sa a pa disponib ankò. Tanpri reponn mesaj kote ou te jwenn lyen an, lekòl la ap ede w.
# status: draft
we-are-learning = N ap aprann:
# status: draft
try-at-home = Eseye sa lakay ou:
# status: draft
ask-your-child = Mande pitit ou:
# status: draft
answer-coming = M ap vini
# status: draft
answer-not-coming = Mwen p ap vini
# status: draft
answer-permit = Mwen bay pèmisyon
# status: draft
answer-refuse = Mwen pa bay pèmisyon
# status: draft
answer-ill = Malad
# status: draft
answer-appointment = Gen randevou
# status: draft
answer-on-the-way = Nan wout
# status: draft
answer-should-be-there = Pitit mwen ta dwe nan lekòl la
# status: draft
answer-contact-me = Kontakte m
# status: draft
answer-not-clear = Mesaj la pa klè
# status: draft
email-subject-from = { $school } voye yon mesaj pou ou
# status: draft
email-reply-above = Ekri repons ou anwo liy sa a
# status: draft
email-original-label = Tèks orijinal an anglè
# status: draft
email-footer = Ou ka reponn imèl sa a an kreyòl. Pou ou pa resevwa imèl sa yo ankò, reponn SISPANN.
# status: draft
email-stop-ask = Èske ou vle { $school } sispann voye imèl pou ou? Imèl pou ijans ap toujou rive.
# status: draft
email-stop-button = Sispann imèl sa yo
# status: draft
email-stopped = Imèl yo sispann. { $school } p ap voye imèl pou ou ankò, sof pou ijans. Pou resevwa yo ankò, reponn START nan nenpòt imèl nou te voye pou ou.
# status: draft
email-file-withheld = { $school }: nou resevwa mesaj ou a, men gen yon fichye nan imèl ou a ki pa rive. Tanpri voye l kòm foto oswa PDF, oswa rele { $phone }.
# status: draft
call-says = { $school }. Nimewo sa a se pou mesaj tèks. Voye yon mesaj ban nou an kreyòl, oswa rele biwo lekòl la: { $phone }.
# status: draft
call-missed = { $school }. Pa gen moun ki ka pran apèl ou a kounye a. Nou wè ou te rele, n ap kontakte ou. Ou ka voye yon mesaj ban nou an kreyòl tou.
