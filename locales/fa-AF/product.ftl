# گفته‌های خود Homeword به خانواده‌ها. پیش‌نویس: هنوز هیچ گویندۀ این زبان آن را ندیده است.

# status: draft
first-contact = { $school }: پیام‌های مکتب به دری، شاید مصرف دارد. جواب داده می‌توانید. نمبر غلط؟ بنویسید: نمبر غلط. قطع: توقف یا STOP. کمک: کمک
# status: draft
who-is-it-for = پیام شما به { $school } رسید. برای کیست؟
# status: draft
who-is-it-for-office = 9 دفتر یا نمی‌دانم
# status: draft
who-is-it-for-else = اگر جواب ندهید، دفتر آن را می‌خواند.
# status: draft
stopped = { $school }: پیام‌ها قطع شد، تنها پیام عاجل می‌آید. اگر بخواهید: 7 = تنها از { $teacher } قطع، 8 = عاجل هم قطع، START = دوباره همه
# status: draft
stopped-simple = { $school }: پیام‌ها قطع شد، تنها پیام عاجل می‌آید. اگر بخواهید: 8 = پیام عاجل هم قطع، START = دوباره همه پیام‌ها
# status: draft
stopped-teacher-only = { $school }: تنها پیام‌های { $teacher } قطع شد. پیام‌های دیگر می‌آید. START = دوباره همه پیام‌ها.
# status: draft
stopped-all = { $school }: همه پیام‌ها قطع شد، پیام عاجل هم. START = دوباره پیام‌ها.
# status: draft
perhaps-stop = { $school }: دیگر پیام نمی‌خواهید؟ بنویسید: توقف یا STOP. اگر منظورتان این نبود، کاری لازم نیست.
# status: draft
started = { $school }: پیام‌های ما دوباره برای تان می‌آید. برای قطع: توقف یا STOP.
# status: draft
help = { $school }: این پیام‌ها از مکتب فرزند تان است. به دری جواب بدهید یا زنگ بزنید: { $phone }. برای قطع: توقف یا STOP.
# status: draft
received = { $school }: پیام شما رسید. { $teacher } آن را روز { $date } می‌خواند. همین حالا خطر است؟ به 911 زنگ بزنید.
# status: draft
received-unknown-number = { $school }: پیام شما رسید. این نمبر را هنوز نمی‌شناسیم. دفتر آن را می‌خواند. سوال دارید؟ { $phone }
# status: draft
not-clear = ببخشید، پیام ما واضح نبود. ساده‌تر می‌نویسیم. { $show } پیام اول به انگلیسی { $contact } یک نفر به دری با من تماس بگیرد، رایگان
# status: draft
wrong-number = { $school }: ببخشید. دیگر به این نمبر پیام روان نمی‌کنیم.
# status: draft
notice-original = { $school }: پیام بعدی به انگلیسی است. هنوز آن را به زبان شما نداریم. برای ترجمان رایگان زنگ بزنید: { $phone }
# status: draft
notice-machine = این را کمپیوتر ترجمه کرده است.
# status: draft
contact-me-received = { $school }: یک نفر تا روز { $date } به دری با شما تماس می‌گیرد. رایگان است.
# status: draft
answer-noted = { $school }: جواب شما را نوشتیم: { $answer }
# status: draft
routed-to = { $school }: پیام شما نزد { $teacher } است.
# status: draft
menu-closed = { $school }: وقت آن سوال گذشته است، برای همین عدد شما حساب نشد. لطفاً جواب تان را با کلمه‌ها بنویسید.
# status: draft
who-answers-now = { $school }: حالا { $teacher } به پیام شما جواب می‌دهد.
# status: draft
needs-to-reach-you = { $school }: { $teacher } باید با شما تماس بگیرد. لطفاً به این پیام جواب بدهید یا زنگ بزنید: { $phone }
# status: draft
your-child = فرزند تان
# status: draft
corrects = اصلاح. این پیام به جای پیام قبلی ماست:
# status: draft
reminder = یادآوری، چون هنوز جوابی به ما نرسیده است:
# status: draft
whole-message = متن کامل پیام:
# status: draft
link-ended = این صفحه دیگر باز نمی‌شود. لطفاً به همان پیامی که لینک در آن بود جواب بدهید، مکتب به شما کمک می‌کند.
# status: draft
we-are-learning = ما یاد می‌گیریم:
# status: draft
try-at-home = در خانه این کار را بکنید:
# status: draft
ask-your-child = از فرزند تان بپرسید:
# status: draft
answer-coming = می‌آیم
# status: draft
answer-not-coming = نمی‌آیم
# status: draft
answer-permit = اجازه می‌دهم
# status: draft
answer-refuse = اجازه نمی‌دهم
# status: draft
answer-ill = مریض است
# status: draft
answer-appointment = وقت ملاقات دارد
# status: draft
answer-on-the-way = در راه است
# status: draft
answer-should-be-there = فرزندم باید در مکتب باشد
# status: draft
answer-contact-me = با من تماس بگیرید
# status: draft
answer-not-clear = پیام واضح نیست
# status: draft
email-subject-from = پیام از { $school }
# status: draft
email-reply-above = جواب تان را بالای این خط بنویسید
# status: draft
email-original-label = متن اصلی به انگلیسی
# status: draft
email-footer = می‌توانید به این ایمیل به دری جواب بدهید. برای قطع این ایمیل‌ها، در جواب بنویسید: توقف
# status: draft
email-stop-ask = آیا می‌خواهید ایمیل‌های مکتب { $school } قطع شود؟ ایمیل‌های عاجل باز هم می‌آید.
# status: draft
email-stop-button = قطع این ایمیل‌ها
# status: draft
email-stopped = ایمیل‌ها قطع شد. دیگر از مکتب { $school } ایمیل نمی‌آید، تنها ایمیل عاجل می‌آید. اگر دوباره بخواهید، به یکی از ایمیل‌های ما جواب بدهید و بنویسید: START
# status: draft
email-file-withheld = { $school }: پیام شما رسید، اما یک فایل که در ایمیل تان بود نرسید. لطفاً آن را به شکل عکس یا PDF بفرستید یا زنگ بزنید: { $phone }.
# status: draft
call-says = { $school }. این نمبر برای پیام‌های متنی است. به دری برای ما پیام بفرستید یا به دفتر زنگ بزنید: { $phone }.
# status: draft
call-missed = { $school }. فعلاً کسی نمی‌تواند به تماس شما جواب بدهد. دیدیم که زنگ زدید و با شما تماس می‌گیریم. می‌توانید به دری پیام هم بفرستید.
