# Що Homeword сам каже родинам. Чернетка: носій мови ще не перевіряв.

# status: draft
first-contact = { $school }: школа пише українською. Пишіть нам. Не вам? Пишіть НЕ МЕНІ. Зупинити: СТОП або STOP. Поміч: ДОПОМОГА. Можлива плата.
# status: draft
who-is-it-for = { $school }: маємо ваше повідомлення. Для кого воно?
# status: draft
who-is-it-for-office = 9 Офіс або не знаю
# status: draft
who-is-it-for-else = Не відповісте - прочитає офіс.
# status: draft
stopped = { $school }: не пишемо, крім екстрених випадків. Можна так лишити. 7 = не пише лише { $teacher }. 8 = зовсім нічого. START = знову.
# status: draft
stopped-simple = { $school }: більше не пишемо, крім екстрених випадків. Можна так лишити. 8 = зовсім нічого. START = знову писати.
# status: draft
stopped-teacher-only = { $school }: не пише вам лише { $teacher }. Усі інші пишуть, як раніше. START = знову пишуть усі.
# status: draft
stopped-all = { $school }: більше нічого не пишемо, навіть в екстрених випадках. START = знову писати.
# status: draft
perhaps-stop = { $school }: не хочете більше отримувати повідомлень? Відпишіть СТОП або STOP. Якщо ні, нічого не робіть.
# status: draft
started = { $school }: ви знову отримуєте наші повідомлення. Зупинити: СТОП або STOP.
# status: draft
help = { $school }: це школа вашої дитини. Напишіть тут українською або подзвоніть: { $phone }. Зупинити: СТОП або STOP.
# status: draft
received = { $school }: маємо ваше повідомлення. { $teacher } прочитає його. Коли: { $date }. Небезпека зараз? Дзвоніть 911.
# status: draft
received-unknown-number = { $school }: маємо ваше повідомлення. Ваш номер нам ще не знайомий. Повідомлення прочитає офіс. Питання: { $phone }
# status: draft
not-clear = Вибачте, ми написали незрозуміло. Напишемо простіше. { $show } Показати англійською { $contact } Людина зв'яжеться зі мною українською, безкоштовно
# status: draft
wrong-number = { $school }: вибачте. Більше не пишемо на цей номер.
# status: draft
notice-original = { $school }: далі текст англійською, українською його ще немає. Безкоштовний перекладач: { $phone }
# status: draft
notice-machine = Переклав комп'ютер.
# status: draft
contact-me-received = { $school }: людина зв'яжеться з вами українською. Не пізніше: { $date }. Це безкоштовно.
# status: draft
answer-noted = { $school }: ми записали вашу відповідь: { $answer }
# status: draft
routed-to = { $school }: { $teacher } має ваше повідомлення.
# status: draft
menu-closed = { $school }: час відповісти на це питання минув, тому цифру ми не врахували. Будь ласка, напишіть словами.
# status: draft
who-answers-now = { $school }: тепер вам відповідає { $teacher }.
# status: draft
needs-to-reach-you = { $school }: { $teacher } хоче зв'язатися з вами. Будь ласка, напишіть тут або подзвоніть: { $phone }
# status: draft
your-child = ваша дитина
# status: draft
corrects = Виправлення. Це замість попереднього повідомлення:
# status: draft
reminder = Нагадуємо, бо ще не маємо вашої відповіді:
# status: draft
whole-message = Повний текст:
# status: draft
link-ended = Ця сторінка більше не доступна. Будь ласка, дайте відповідь на повідомлення з цим посиланням, і школа вам допоможе.
# status: draft
we-are-learning = Ми вивчаємо:
# status: draft
try-at-home = Спробуйте вдома:
# status: draft
ask-your-child = Запитайте дитину:
# status: draft
answer-coming = Прийду
# status: draft
answer-not-coming = Не прийду
# status: draft
answer-permit = Дозволяю
# status: draft
answer-refuse = Не дозволяю
# status: draft
answer-ill = Хворіє
# status: draft
answer-appointment = Запис на прийом
# status: draft
answer-on-the-way = Уже в дорозі
# status: draft
answer-should-be-there = Моя дитина має бути в школі
# status: draft
answer-contact-me = Зв'яжіться зі мною
# status: draft
answer-not-clear = Текст незрозумілий
# status: draft
email-subject-from = Повідомлення від школи { $school }
# status: draft
email-reply-above = Пишіть відповідь над цим рядком
# status: draft
email-original-label = Оригінал англійською
# status: draft
email-footer = Ви можете відповісти на цей лист українською. Щоб більше не отримувати таких листів, напишіть у відповідь: СТОП
# status: draft
email-stop-ask = Не хочете більше отримувати листів від школи { $school }? В екстрених випадках ми все одно напишемо.
# status: draft
email-stop-button = Більше не надсилати таких листів
# status: draft
email-stopped = Готово. Школа { $school } більше не надсилатиме вам листів, крім екстрених випадків. Щоб знову їх отримувати, напишіть START у відповідь на будь-який наш лист.
# status: draft
email-file-withheld = { $school }: маємо ваше повідомлення, але один файл з вашого листа не дійшов. Надішліть його, будь ласка, як фото або PDF чи подзвоніть: { $phone }.
# status: draft
call-says = { $school }. Цей номер лише для текстових повідомлень. Напишіть нам українською або подзвоніть в офіс: { $phone }.
# status: draft
call-missed = { $school }. Зараз ніхто не може відповісти на ваш дзвінок. Ми бачимо, що ви дзвонили, і зв'яжемося з вами. Можна також написати нам українською.
