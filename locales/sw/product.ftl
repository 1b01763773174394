# Yale ambayo Homeword inaziambia familia. Rasimu: bado hakuna mzungumzaji wa Kiswahili aliyeyakagua.

# status: draft
first-contact = { $school }: ujumbe wa shule kwa Kiswahili. Unaweza kujibu. Si wako? Jibu SI MIMI. Kusimamisha: SIMAMISHA au STOP. Msaada: MSAADA. Huenda ukatozwa pesa.
# status: draft
who-is-it-for = { $school }: tumepata ujumbe wako. Ulimwandikia nani?
# status: draft
who-is-it-for-office = 9 Ofisi au sijui
# status: draft
who-is-it-for-else = Usipojibu, ofisi itausoma.
# status: draft
stopped = { $school }: tumesimamisha. Tutatuma ujumbe wa dharura tu. Ukitaka: 7 = simamisha ujumbe wa { $teacher } tu. 8 = simamisha hata dharura. START = ujumbe tena.
# status: draft
stopped-simple = { $school }: tumesimamisha. Tutatuma ujumbe wa dharura tu. Ukitaka: 8 = simamisha hata dharura. START = ujumbe tena.
# status: draft
stopped-teacher-only = { $school }: tumesimamisha ujumbe wa { $teacher } tu. Ujumbe mwingine unaendelea. START = ujumbe wote tena.
# status: draft
stopped-all = { $school }: tumesimamisha ujumbe wote, hata wa dharura. START = ujumbe tena.
# status: draft
perhaps-stop = { $school }: hutaki ujumbe tena? Jibu SIMAMISHA au STOP. Kama ulimaanisha jambo lingine, usifanye chochote.
# status: draft
started = { $school }: utapata ujumbe wetu tena. Kusimamisha: SIMAMISHA au STOP.
# status: draft
help = { $school }: huu ni ujumbe kutoka shule ya mtoto wako. Jibu kwa Kiswahili, au piga simu { $phone }. Kusimamisha: SIMAMISHA au STOP.
# status: draft
received = { $school }: tumepata ujumbe wako. { $teacher } atausoma { $date }. Kuna hatari sasa? Piga simu 911.
# status: draft
received-unknown-number = { $school }: tumepata ujumbe wako. Bado hatuijui namba hii. Ofisi itausoma. Maswali: { $phone }
# status: draft
not-clear = Samahani, ujumbe wetu haukuwa wazi. Tutaandika kwa maneno rahisi zaidi. { $show } Nionyeshe ule wa Kiingereza { $contact } Mtu awasiliane nami kwa Kiswahili, bure
# status: draft
wrong-number = { $school }: samahani. Hatutaandika tena kwa namba hii.
# status: draft
notice-original = { $school }: ujumbe unaofuata ni wa Kiingereza. Bado hatuna maneno yake kwa Kiswahili. Mkalimani ni bure: piga simu { $phone }
# status: draft
notice-machine = Tafsiri hii ni ya kompyuta.
# status: draft
contact-me-received = { $school }: mtu atawasiliana nawe kwa Kiswahili kufikia { $date }. Ni bure.
# status: draft
answer-noted = { $school }: tumeandika jibu lako: { $answer }
# status: draft
routed-to = { $school }: ujumbe wako uko kwa { $teacher }.
# status: draft
menu-closed = { $school }: muda wa swali hilo umekwisha, kwa hiyo hatukuhesabu namba uliyotuma. Tafadhali jibu kwa maneno.
# status: draft
who-answers-now = { $school }: sasa { $teacher } anajibu ujumbe wako.
# status: draft
needs-to-reach-you = { $school }: { $teacher } anahitaji kuwasiliana nawe. Tafadhali jibu ujumbe huu, au piga simu { $phone }
# status: draft
your-child = mtoto wako
# status: draft
corrects = Tumesahihisha. Ujumbe huu ni badala ya ule uliopita:
# status: draft
reminder = Tunakukumbusha, kwa sababu bado hatujapata jibu:
# status: draft
whole-message = Ujumbe wote:
# status: draft
link-ended = Ukurasa huu haupatikani tena. Tafadhali jibu ujumbe uliokuwa na kiungo hiki, na shule itakusaidia.
# status: draft
we-are-learning = Tunajifunza:
# status: draft
try-at-home = Jaribuni nyumbani:
# status: draft
ask-your-child = Muulize mtoto wako:
# status: draft
answer-coming = Nitakuja
# status: draft
answer-not-coming = Sitakuja
# status: draft
answer-permit = Ninaruhusu
# status: draft
answer-refuse = Siruhusu
# status: draft
answer-ill = Ni mgonjwa
# status: draft
answer-appointment = Ana miadi
# status: draft
answer-on-the-way = Yuko njiani
# status: draft
answer-should-be-there = Mtoto wangu anapaswa kuwa shuleni
# status: draft
answer-contact-me = Wasilianeni nami
# status: draft
answer-not-clear = Ujumbe hauko wazi
# status: draft
email-subject-from = Ujumbe kutoka { $school }
# status: draft
email-reply-above = Andika jibu lako juu ya mstari huu
# status: draft
email-original-label = Ujumbe wa asili kwa Kiingereza
# status: draft
email-footer = Unaweza kujibu barua pepe hii kwa Kiswahili. Kusimamisha barua pepe hizi, jibu SIMAMISHA.
# status: draft
email-stop-ask = Je, unataka kusimamisha barua pepe kutoka shule ya { $school }? Barua pepe za dharura zitaendelea kuja.
# status: draft
email-stop-button = Simamisha barua pepe hizi
# status: draft
email-stopped = Tumesimamisha. Hutapata tena barua pepe kutoka shule ya { $school }, isipokuwa za dharura. Ukitaka kuzipata tena, jibu barua pepe yetu yoyote kwa kuandika START.
# status: draft
email-file-withheld = { $school }: tumepata ujumbe wako, lakini faili moja la barua pepe yako halikufika. Tafadhali litume kama picha au PDF, au piga simu { $phone }.
# status: draft
call-says = { $school }. Namba hii ni ya ujumbe wa maandishi. Tutumie ujumbe kwa Kiswahili, au piga simu ofisini: { $phone }.
# status: draft
call-missed = { $school }. Hakuna anayeweza kupokea simu yako sasa. Tumeona kwamba umepiga simu, na tutawasiliana nawe. Unaweza pia kututumia ujumbe kwa Kiswahili.
