# عبارات للحظات مدرسية حقيقية. مسودة: لم يراجعها متحدث باللغة بعد.

# status: draft
closed = { $school }: لا دوام يوم { $date } ولا حافلات
    .plain = لا مدرسة يوم { $date }. المبنى مغلق ولا حافلات. السبب: { $reason }. للأسئلة: { $phone }
    .subject = لا دوام { $date }
# status: draft
delayed-opening = { $school }: يتأخر الدوام { $date } إلى الساعة { $time }
    .plain = تبدأ المدرسة يوم { $date } الساعة { $time } وليس قبل ذلك. الحافلات تتأخر أيضا. للأسئلة: { $phone }
    .subject = تأخير بدء الدوام { $date }
# status: draft
early-dismissal = { $school }: خروج مبكر اليوم الساعة { $time }. استقبلوا طفلكم
    .plain = تنتهي المدرسة اليوم الساعة { $time }. من فضلكم خذوا طفلكم أو انتظروا الحافلة في هذا الوقت. للأسئلة: { $phone }
    .subject = خروج مبكر اليوم
# status: draft
secured = { $school }: الأطفال بأمان والأبواب مقفلة. من فضلكم لا تأتوا
    .plain = أقفلنا الأبواب احتياطا. كل الأطفال بأمان داخل المدرسة. من فضلكم لا تأتوا ولا تتصلوا. سنكتب لكم.
    .subject = أبواب المدرسة مقفلة والأطفال بأمان
# status: draft
do-not-come = { $school }: من فضلكم لا تأتوا الآن. الأطفال بأمان معنا. سنكتب لكم
    .plain = ابقوا في مكانكم من فضلكم ولا تأتوا إلى المدرسة. الأطفال بأمان. سنكتب لكم قريبا.
    .subject = من فضلكم لا تأتوا إلى المدرسة الآن
# status: draft
pick-up-at = { $school }: خذوا طفلكم الآن من { $place }. الأطفال بأمان
    .plain = طفلكم ينتظركم في { $place }. احضروا الآن ومعكم هوية عليها صورة. { $phone }
    .subject = خذوا طفلكم الآن
# status: draft
all-clear = { $school }: كل شيء بخير والدوام كالمعتاد. شكرا لصبركم
    .plain = انتهت المشكلة والمدرسة كالمعتاد.
    .subject = كل شيء بخير الآن
# status: draft
correction = { $school }: تصحيح، أخطأنا. الصحيح: { $text }
    .plain = رسالتنا السابقة فيها خطأ. الصحيح هو: { $text }
    .subject = تصحيح
# status: draft
test = { $school }: هذه تجربة فقط لرسائل الطوارئ. لا يلزمكم شيء
    .plain = هذه تجربة. لم يحدث شيء.
    .subject = تجربة لرسائل الطوارئ
# status: draft
class-meeting = { $teacher }: ندعوكم إلى لقاء الصف { $date } الساعة { $time }، { $place }.
    .plain = احضروا إلى المدرسة يوم { $date } الساعة { $time } من فضلكم. نتحدث عن صف طفلكم.
    .subject = لقاء الصف { $date }
# status: draft
absent-today = { $school }: سجلنا اليوم غياب { $student } عن المدرسة. أخبرونا بالسبب من فضلكم.
    .plain = لم نرَ { $student } في المدرسة اليوم. هل السبب مرض؟
    .subject = غياب اليوم
# status: draft
reading-at-home = { $teacher }: اقرؤوا هذا الأسبوع مع { $student } عشر دقائق كل يوم بأي لغة، واسألوا عن القصة.
    .plain = اقرؤوا معا عشر دقائق كل يوم. القراءة بلغتكم مفيدة.
    .subject = القراءة في البيت
# status: draft
homework-help = { $teacher }: مساعدة في الواجب { $date } الساعة { $time }، { $place }. مجانا.
    .plain = يمكن لطفلكم أن يحصل على مساعدة مجانية في الواجب يوم { $date } الساعة { $time }.
    .subject = مساعدة في الواجب
# status: draft
field-trip-permission = { $teacher }: يذهب صفنا إلى { $place } يوم { $date }. هل توافقون على ذهاب { $student }؟
    .plain = نريد أن نأخذ { $student } معنا إلى { $place } يوم { $date }. هل تسمحون بذلك؟
    .subject = رحلة الصف { $date }
# status: draft
conference-invite = { $teacher }: أود أن أتحدث معكم عن { $student } يوم { $date } الساعة { $time }. المترجم مجاني.
    .plain = نلتقي يوم { $date } الساعة { $time } ونتحدث عن { $student }. معنا مترجم.
    .subject = لقاء عن { $student }
# status: draft
bus-late = { $school }: الحافلة متأخرة اليوم. مدة التأخير بالدقائق: { $minutes } تقريبا. الأطفال ينتظرون معنا.
    .plain = تصل الحافلة اليوم متأخرة عن وقتها (بالدقائق: { $minutes }). طفلكم معنا.
    .subject = تأخر الحافلة اليوم
# status: draft
bring-item = { $teacher }: أرسلوا { $item } مع { $student } يوم { $date } من فضلكم.
    .plain = ما يلزم { $student } يوم { $date }: { $item }.
    .subject = أرسلوا { $item } من فضلكم
# status: draft
good-news = { $teacher }: خبر سار عن { $student }: { $text }
    .plain = عمل رائع من { $student }: { $text }
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
attendance-check-in = { $teacher }: لاحظنا غياب { $student } عدة أيام. كيف نساعدكم؟ أجيبوا بالعربية من فضلكم.
    .plain = لم نرَ { $student } في المدرسة أياما كثيرة. ماذا يمكننا أن نفعل؟ اكتبوا لنا من فضلكم.
    .subject = كيف نساعد؟
