# Co Homeword mówi rodzinom. Szkic: nie sprawdziła go jeszcze żadna osoba mówiąca po polsku.

# status: draft
first-contact = { $school }: szkoła pisze po polsku. Można odpisać. Pomyłka: ZŁY NUMER. Rezygnacja: KONIEC lub STOP. Pomoc: POMOC. Możliwe opłaty.
# status: draft
who-is-it-for = { $school }: mamy SMS z tego numeru. Dla kogo on jest?
# status: draft
who-is-it-for-office = 9 Sekretariat lub nie wiem
# status: draft
who-is-it-for-else = Bez odpowiedzi przeczyta go sekretariat.
# status: draft
stopped = { $school }: piszemy tylko w nagłych wypadkach. Może tak zostać. 7 = STOP tylko { $teacher }. 8 = STOP wszystko. START = znów SMS-y.
# status: draft
stopped-simple = { $school }: piszemy teraz tylko w nagłych wypadkach. Może tak zostać. 8 = nie piszemy nigdy, nawet wtedy. START = piszemy znowu.
# status: draft
stopped-teacher-only = { $school }: od teraz tylko { $teacher } nie pisze. Inni piszą dalej. START = znowu piszą wszyscy.
# status: draft
stopped-all = { $school }: od teraz nie piszemy wcale, nawet w nagłych wypadkach. START = piszemy znowu.
# status: draft
perhaps-stop = { $school }: nie chcą Państwo więcej SMS-ów? Proszę odpisać KONIEC lub STOP. Jeśli chodziło o coś innego, nic nie trzeba robić.
# status: draft
started = { $school }: znów piszemy. Rezygnacja: KONIEC lub STOP.
# status: draft
help = { $school }: SMS-y ze szkoły dziecka. Można odpisać po polsku albo zadzwonić: { $phone }. Rezygnacja: KONIEC lub STOP.
# status: draft
received = { $school }: mamy Państwa wiadomość. { $teacher } przeczyta ją: { $date }. Nagłe zagrożenie? Proszę dzwonić: 911.
# status: draft
received-unknown-number = { $school }: mamy Państwa wiadomość. Nie znamy jeszcze tego numeru. Przeczyta ją sekretariat. Pytania: { $phone }
# status: draft
not-clear = Przepraszamy za niejasny tekst. Napiszemy prościej. { $show } Pokaż po angielsku { $contact } Niech ktoś się ze mną skontaktuje po polsku, za darmo
# status: draft
wrong-number = { $school }: przepraszamy. Nie będziemy już pisać na ten numer.
# status: draft
notice-original = { $school }: następna wiadomość jest po angielsku, nie mamy jej jeszcze po polsku. Bezpłatny tłumacz: { $phone }
# status: draft
notice-machine = Tłumaczył komputer.
# status: draft
contact-me-received = { $school }: ktoś skontaktuje się z Państwem po polsku. Najpóźniej: { $date }. To nic nie kosztuje.
# status: draft
answer-noted = { $school }: zapisaliśmy odpowiedź: { $answer }
# status: draft
routed-to = { $school }: Państwa wiadomość ma już { $teacher }.
# status: draft
menu-closed = { $school }: tamto pytanie jest już zamknięte, więc cyfry nie liczymy. Prosimy odpisać słowami.
# status: draft
who-answers-now = { $school }: na Państwa wiadomość odpowiada teraz { $teacher }.
# status: draft
needs-to-reach-you = { $school }: { $teacher } prosi Państwa o kontakt. Można tu odpisać albo zadzwonić: { $phone }
# status: draft
your-child = Państwa dziecko
# status: draft
corrects = Poprawka. To jest zamiast naszej ostatniej wiadomości:
# status: draft
reminder = Przypominamy, bo nie mamy jeszcze odpowiedzi:
# status: draft
whole-message = Cała wiadomość:
# status: draft
link-ended = Ta strona nie jest już dostępna. Prosimy odpisać na wiadomość, w której był link, a szkoła pomoże.
# status: draft
we-are-learning = Uczymy się:
# status: draft
try-at-home = W domu można spróbować:
# status: draft
ask-your-child = Pytanie do dziecka:
# status: draft
answer-coming = Przyjdę
# status: draft
answer-not-coming = Nie przyjdę
# status: draft
answer-permit = Zgadzam się
# status: draft
answer-refuse = Nie zgadzam się
# status: draft
answer-ill = Choroba
# status: draft
answer-appointment = Umówiona wizyta
# status: draft
answer-on-the-way = W drodze
# status: draft
answer-should-be-there = Dziecko powinno być w szkole
# status: draft
answer-contact-me = Proszę o kontakt
# status: draft
answer-not-clear = Tekst jest niejasny
# status: draft
email-subject-from = Wiadomość: { $school }
# status: draft
email-reply-above = Odpowiedź prosimy napisać nad tą linią
# status: draft
email-original-label = Oryginał po angielsku
# status: draft
email-footer = Na tę wiadomość można odpisać po polsku. Żeby nie dostawać takich wiadomości, prosimy odpisać: KONIEC lub STOP.
# status: draft
email-stop-ask = Czy nie chcą Państwo więcej wiadomości ze szkoły { $school }? W nagłych wypadkach nadal będziemy pisać.
# status: draft
email-stop-button = Nie chcę więcej tych wiadomości
# status: draft
email-stopped = Gotowe. Nie będzie już wiadomości ze szkoły { $school }, poza nagłymi wypadkami. Żeby znowu je dostawać, prosimy odpisać START na dowolną naszą wiadomość.
# status: draft
email-file-withheld = { $school }: mamy Państwa wiadomość, ale jeden dołączony plik do nas nie dotarł. Prosimy przysłać go jako zdjęcie lub PDF albo zadzwonić: { $phone }.
# status: draft
call-says = { $school }. Ten numer jest tylko do SMS-ów. Proszę napisać do nas po polsku albo zadzwonić do sekretariatu: { $phone }.
# status: draft
call-missed = { $school }. Teraz nikt nie może odebrać telefonu. Widzimy, że Państwo dzwonili, i skontaktujemy się z Państwem. Można też napisać do nas po polsku.
