# عبارات للحظات مدرسية حقيقية. مسودة: لم يراجعها متحدث باللغة بعد.

# status: draft
closed = { $school }: لا دوام { $date } ولا حافلات
    .plain = لا مدرسة يوم { $date }. السبب: { $reason }. للأسئلة: { $phone }
    .subject = لا دوام { $date }
# status: draft
delayed-opening = { $school }: بدء متأخر { $date } الساعة { $time }
    .plain = تبدأ المدرسة يوم { $date } الساعة { $time } وليس قبل ذلك. للأسئلة: { $phone }
    .subject = تأخير بدء الدوام { $date }
# status: draft
early-dismissal = { $school }: خروج مبكر اليوم الساعة { $time }
    .plain = تنتهي المدرسة اليوم الساعة { $time }. احضروا من فضلكم. للأسئلة: { $phone }
    .subject = خروج مبكر اليوم
# status: draft
secured = { $school }: الأبواب مغلقة والأطفال بأمان. لا تأتوا
    .plain = الأطفال بأمان داخل المدرسة. انتظروا رسالتنا من فضلكم.
    .subject = أبواب المدرسة مغلقة والأطفال بأمان
# status: draft
do-not-come = { $school }: لا تأتوا الآن. الأطفال بأمان
    .plain = ابقوا في مكانكم ولا تأتوا إلى المدرسة. الأطفال بأمان.
    .subject = من فضلكم لا تأتوا إلى المدرسة الآن
# status: draft
pick-up-at = { $school }: خذوا طفلكم الآن من { $place }
    .plain = طفلكم ينتظركم في { $place }. احضروا الآن ومعكم هوية. { $phone }
    .subject = خذوا طفلكم الآن
# status: draft
all-clear = { $school }: انتهى الأمر والدوام عادي. شكرا
    .plain = انتهت المشكلة والمدرسة كالمعتاد.
    .subject = انتهى الأمر
# status: draft
correction = { $school }: تصحيح. الصحيح: { $text }
    .plain = رسالتنا السابقة خطأ. الصحيح: { $text }
    .subject = تصحيح
# status: draft
test = { $school }: هذه تجربة فقط لرسائل الطوارئ
    .plain = هذه تجربة. لم يحدث شيء.
    .subject = تجربة لرسائل الطوارئ
# status: draft
class-meeting = { $teacher }: ندعوكم إلى لقاء الصف { $date } الساعة { $time }، { $place }.
    .plain = احضروا إلى المدرسة يوم { $date } الساعة { $time } من فضلكم. نتحدث عن صف طفلكم.
    .subject = لقاء الصف { $date }
# status: draft
absent-today = { $school }: لم يحضر { $student } إلى المدرسة اليوم. أخبرونا بالسبب من فضلكم.
    .plain = { $student } ليس في المدرسة اليوم. هل طفلكم مريض؟
    .subject = غياب اليوم
# status: draft
reading-at-home = { $teacher }: اقرؤوا هذا الأسبوع مع { $student } عشر دقائق كل يوم بأي لغة، واسألوا عن القصة.
    .plain = اقرؤوا معا عشر دقائق كل يوم. لغتكم جيدة.
    .subject = القراءة في البيت
# status: draft
homework-help = { $teacher }: مساعدة في الواجب { $date } الساعة { $time }، { $place }. مجانا.
    .plain = يمكن لطفلكم أن يحصل على مساعدة مجانية في الواجب يوم { $date } الساعة { $time }.
    .subject = مساعدة في الواجب
# status: draft
field-trip-permission = { $teacher }: يذهب صفنا إلى { $place } يوم { $date }. هل يذهب { $student }؟
    .plain = نريد أن نأخذ { $student } إلى { $place } يوم { $date }. هل توافقون؟
    .subject = رحلة الصف { $date }
# status: draft
conference-invite = { $teacher }: أود أن أتحدث معكم عن { $student } يوم { $date } الساعة { $time }. المترجم مجاني.
    .plain = نلتقي يوم { $date } الساعة { $time } ونتحدث عن { $student }. معنا مترجم.
    .subject = لقاء عن { $student }
# status: draft
bus-late = { $school }: تتأخر الحافلة اليوم نحو { $minutes } دقيقة. الأطفال مع معلمة.
    .plain = تصل الحافلة بعد { $minutes } دقيقة. طفلكم معنا.
    .subject = تأخر الحافلة اليوم
# status: draft
bring-item = { $teacher }: أرسلوا { $item } مع { $student } يوم { $date } من فضلكم.
    .plain = يحتاج { $student } إلى { $item } يوم { $date }.
    .subject = أرسلوا { $item } من فضلكم
# status: draft
good-news = { $teacher }: خبر سار عن { $student }: { $text }
    .plain = أحسن { $student } العمل: { $text }
    .subject = خبر سار
# status: draft
parents-rights-notice = { $school }: لكم الحق في مترجم مجاني وفي أوراق بالعربية. اطلبوا في أي وقت: { $phone }
    .plain = على المدرسة أن تساعدكم بلغتكم مجانا. أخبرونا: { $phone }
    .subject = حقكم في مترجم
# status: draft
council-meeting = { $school }: العائلات والمدرسة تقرر معا { $date } الساعة { $time }، { $place }. رأيكم مهم وهناك مترجمون.
    .plain = احضروا وقولوا رأيكم في المدرسة يوم { $date } الساعة { $time }. عندنا مترجمون.
    .subject = مجلس العائلات { $date }
# status: draft
attendance-check-in = { $teacher }: غاب { $student } عدة أيام. كيف نساعد؟ أجيبوا بالعربية من فضلكم.
    .plain = غاب { $student } كثيرا. ماذا يمكننا أن نفعل؟ اكتبوا لنا من فضلكم.
    .subject = كيف نساعد؟
