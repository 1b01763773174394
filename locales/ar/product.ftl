# ما تقوله هومورد للعائلات. مسودة: لم يراجعها متحدث باللغة بعد.

# status: draft
first-contact = { $school }: رسائل المدرسة بالعربية. قد تكلف مالا. يمكنكم الرد. ليست لكم؟ أجيبوا: رقم خطأ. للإيقاف: قف أو STOP. للمساعدة: مساعدة
# status: draft
who-is-it-for = { $school }: وصلت رسالتكم. لمن هي؟
# status: draft
who-is-it-for-office = 9 المكتب أو لا أعرف
# status: draft
who-is-it-for-else = إذا لم تجيبوا يقرؤها المكتب.
# status: draft
stopped = { $school }: توقفت الرسائل ما عدا الطوارئ. إن شئتم: 7 = إيقاف رسائل { $teacher } فقط. 8 = إيقاف الطوارئ أيضا. START = عودة الرسائل.
# status: draft
stopped-simple = { $school }: توقفت الرسائل ما عدا الطوارئ. إن شئتم: 8 = إيقاف الطوارئ أيضا. START = عودة الرسائل.
# status: draft
stopped-teacher-only = { $school }: توقفت رسائل { $teacher } فقط وتستمر الرسائل الأخرى. START = عودة كل الرسائل.
# status: draft
stopped-all = { $school }: توقفت كل الرسائل حتى رسائل الطوارئ. START = عودة الرسائل.
# status: draft
perhaps-stop = { $school }: ألا تريدون رسائل بعد الآن؟ أجيبوا: قف أو STOP. إن لم يكن هذا قصدكم فلا تفعلوا شيئا.
# status: draft
started = { $school }: ستصلكم رسائلنا من جديد. للإيقاف: قف أو STOP.
# status: draft
help = { $school }: رسائل من مدرسة طفلكم. يمكنكم الرد بالعربية أو الاتصال على { $phone }. للإيقاف: قف أو STOP.
# status: draft
received = { $school }: وصلت رسالتكم إلى { $teacher } وستتم قراءتها يوم { $date }. هل هناك خطر الآن؟ اتصلوا على 911
# status: draft
received-unknown-number = { $school }: وصلت رسالتكم وسيقرؤها المكتب. هذا الرقم ليس معروفا عندنا بعد. للأسئلة: { $phone }
# status: draft
not-clear = عذرا، رسالتنا لم تكن واضحة. سنكتبها بكلمات أبسط. { $show } الرسالة الأولى بالإنجليزية { $contact } شخص يتواصل معي بالعربية مجانا
# status: draft
wrong-number = { $school }: عذرا. لن نكتب إلى هذا الرقم بعد الآن.
# status: draft
notice-original = { $school }: الرسالة التالية بالإنجليزية وليست عندنا بالعربية بعد. لمترجم مجاني اتصلوا على { $phone }
# status: draft
notice-machine = ترجمة بالكمبيوتر.
# status: draft
contact-me-received = { $school }: سيتواصل معكم شخص بالعربية قبل نهاية يوم { $date }. هذا مجاني.
# status: draft
answer-noted = { $school }: سجلنا جوابكم: { $answer }
# status: draft
routed-to = { $school }: رسالتكم عند { $teacher }.
# status: draft
menu-closed = { $school }: انتهى وقت هذا السؤال ولم نحسب الرقم. اكتبوا الجواب بالكلمات من فضلكم.
# status: draft
who-answers-now = { $school }: يصلكم الرد الآن من { $teacher }.
# status: draft
needs-to-reach-you = { $school }: { $teacher } بحاجة إلى التواصل معكم. من فضلكم أجيبوا هنا أو اتصلوا على { $phone }
# status: draft
your-child = طفلكم
# status: draft
corrects = تصحيح. هذه الرسالة بدل رسالتنا السابقة:
# status: draft
reminder = تذكير، لأن جوابكم لم يصلنا بعد:
# status: draft
whole-message = الرسالة كاملة:
# status: draft
link-ended = لم تعد هذه الصفحة متاحة. من فضلكم أجيبوا على الرسالة التي وصلكم فيها الرابط، وستساعدكم المدرسة.
# status: draft
we-are-learning = نتعلم:
# status: draft
try-at-home = جربوا في البيت:
# status: draft
ask-your-child = اسألوا طفلكم:
# status: draft
answer-coming = سنحضر
# status: draft
answer-not-coming = لن نحضر
# status: draft
answer-permit = أوافق
# status: draft
answer-refuse = لا أوافق
# status: draft
answer-ill = مرض
# status: draft
answer-appointment = موعد
# status: draft
answer-on-the-way = في الطريق
# status: draft
answer-should-be-there = المفروض أن طفلي في المدرسة
# status: draft
answer-contact-me = تواصلوا معي
# status: draft
answer-not-clear = الرسالة غير واضحة
# status: draft
email-subject-from = رسالة من { $school }
# status: draft
email-reply-above = اكتبوا جوابكم فوق هذا السطر
# status: draft
email-original-label = الأصل بالإنجليزية
# status: draft
email-footer = يمكنكم الرد على هذه الرسالة بالعربية. لإيقاف الرسائل أجيبوا: قف
# status: draft
email-stop-ask = هل تريدون إيقاف الرسائل من مدرسة { $school }؟ رسائل الطوارئ ستستمر.
# status: draft
email-stop-button = إيقاف هذه الرسائل
# status: draft
email-stopped = توقفت الرسائل. لن تصلكم بعد الآن رسائل من مدرسة { $school } ما عدا الطوارئ. لعودة الرسائل أجيبوا بكلمة START على أي رسالة وصلتكم منا.
# status: draft
email-file-withheld = { $school }: وصلت رسالتكم، لكن لم يصلنا ملف مرفق بها. نرجو إرساله كصورة أو PDF، أو الاتصال على { $phone }.
# status: draft
call-says = { $school }. هذا الرقم للرسائل النصية. أرسلوا لنا رسالة بالعربية أو اتصلوا بالمكتب: { $phone }.
# status: draft
call-missed = { $school }. لا أحد يستطيع الرد على مكالمتكم الآن. رأينا أنكم اتصلتم وسنتواصل معكم. يمكنكم أيضا إرسال رسالة بالعربية.
