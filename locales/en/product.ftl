# What Homeword itself says to families. English is the source: translators work from it. See locales/README.md.

# status: draft
# args: school=Maple Street
first-contact = { $school }: school texts in English. You can answer. Not for you? Reply WRONG. To stop: STOP. Help: HELP. Msg&data rates may apply.
# status: draft
# args: school=Maple Street
who-is-it-for = { $school } got your text. Who is it for?
# status: draft
who-is-it-for-office = 9 Office or not sure
# status: draft
who-is-it-for-else = If you don't answer, the office reads it.
# status: draft
# args: school=Maple Street teacher=Ms Rivera
stopped = { $school }: stopped. No more texts, except emergencies. You can leave it so. 7 = stop only { $teacher }. 8 = stop emergencies too. START = texts again.
# status: draft
# args: school=Maple Street
stopped-simple = { $school }: stopped. No more texts, except emergencies. You can leave it so. 8 = stop emergencies too. START = texts again.
# status: draft
# args: school=Maple Street teacher=Ms Rivera
stopped-teacher-only = { $school }: only texts from { $teacher } are stopped. All others continue. START = all texts again.
# status: draft
# args: school=Maple Street
stopped-all = { $school }: all texts are stopped, emergencies too. START = texts again.
# status: draft
# args: school=Maple Street
perhaps-stop = { $school }: do you want no more texts from us? Then answer STOP. If you meant something else, do nothing.
# status: draft
# args: school=Maple Street
started = { $school }: you get our texts again. To stop: STOP.
# status: draft
# args: school=Maple Street phone=203-555-0100
help = { $school }: texts from your child's school. Answer this text in your language, or call { $phone }. To stop: STOP.
# status: draft
# args: school=Maple Street teacher=Ms Rivera date=Monday, March 9
received = { $school }: we got your text. { $teacher } reads it { $date }. Danger now? Call 911.
# status: draft
# args: school=Maple Street phone=203-555-0100
received-unknown-number = { $school }: we got your text. We do not know this number yet. The office reads it. Questions: { $phone }
# status: draft
# args: show=4 contact=5
not-clear = Sorry, our text was not clear. We will write it more simply. { $show } Show the first wording { $contact } A person contacts me in my language, free
# status: draft
# args: school=Maple Street
wrong-number = { $school }: sorry. We will not write to this number again.
# status: draft
# args: school=Maple Street phone=203-555-0100
notice-original = { $school }: the next message is in English. We have no words in your language yet. For a free interpreter call { $phone }
# status: draft
notice-machine = Translated by computer.
# status: draft
# args: school=Maple Street date=Monday, March 9
contact-me-received = { $school }: a person will contact you in your language by { $date }. It is free.
# status: draft
# args: school=Maple Street answer=My child should be in school
answer-noted = { $school }: we noted your answer: { $answer }
# status: draft
# args: school=Maple Street teacher=Ms Rivera
routed-to = { $school }: { $teacher } has your text.
# status: draft
# args: school=Maple Street
menu-closed = { $school }: that question is closed, so we did not count the number. Please write it in words.
# status: draft
# args: school=Maple Street teacher=Ms Rivera
who-answers-now = { $school }: { $teacher } answers your text now.
# The nurse or counselor writes: no word of health or of the child in a text or a subject.
# status: draft
# args: school=Maple Street teacher=Nurse Doyle phone=203-555-0100
needs-to-reach-you = { $school }: { $teacher } needs to reach you. Please answer this text, or call { $phone }
# Stands for a child's name in a text to a number that never answered.
# status: draft
your-child = your child
# status: draft
corrects = Correction. This replaces our last message:
# status: draft
reminder = A reminder, because we have no answer yet:
# Before a link to the whole of a long message, and on the page once its days are over.
# status: draft
whole-message = Read all of it here:
# status: draft
link-ended = This page has ended. Please answer the text that the link came in: the school will help you.
# status: draft
we-are-learning = We are learning:
# status: draft
try-at-home = Try at home:
# status: draft
ask-your-child = Ask your child:
# status: draft
answer-coming = Coming
# status: draft
answer-not-coming = Not coming
# status: draft
answer-permit = I give permission
# status: draft
answer-refuse = I do not
# status: draft
answer-ill = Ill
# status: draft
answer-appointment = Appointment
# status: draft
answer-on-the-way = On the way
# status: draft
answer-should-be-there = My child should be in school
# status: draft
answer-contact-me = Contact me
# status: draft
answer-not-clear = Not clear
# status: draft
# args: school=Maple Street
email-subject-from = Message from { $school }
# status: draft
email-reply-above = Write your answer above this line
# status: draft
email-original-label = Original in English
# status: draft
# args: school=Ms Rivera
email-footer = You can answer this letter in your language. To stop these letters, answer STOP.
# The page behind a mail program's own button "unsubscribe", and what it says once it is done.
# status: draft
# args: school=Maple Street
email-stop-ask = Do you want no more letters from { $school }? Letters about emergencies will still come.
# status: draft
email-stop-button = Stop these letters
# status: draft
# args: school=Maple Street
email-stopped = Stopped. No more letters come from { $school }, except in an emergency. To get them again, answer START to any letter you have from us.
# A file in a family's email that is not passed on, because its kind could do harm or it is too large.
# status: draft
# args: school=Maple Street phone=203-555-0100
email-file-withheld = { $school }: your message arrived, but not a file in your email. Please send it as a photo or a PDF, or call us: { $phone }.
# What a caller hears; no text.
# status: draft
# args: school=Maple Street phone=203-555-0100
call-says = { $school }. This number is for text messages. Please send us a text in your language, or call the office: { $phone }.
# status: draft
# args: school=Maple Street
call-missed = { $school }. Nobody can take your call right now. We see that you called, and will contact you. You can also send us a text in your language.
