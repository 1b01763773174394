# عبارات للحظات مدرسية حقيقية. مسودة: لم يراجعها متحدث باللغة بعد.

# status: draft
closed = { $school }: المدرسة مغلقة يوم { $date } ولا حافلات
    .plain = لا تأتوا إلى المدرسة يوم { $date }. لا دروس ولا حافلات ولا أنشطة. السبب: { $reason }. للأسئلة: { $phone }
    .subject = المدرسة مغلقة يوم { $date }
# status: draft
delayed-opening = { $school }: تبدأ المدرسة متأخرة يوم { $date }، { $time }
    .plain = تفتح المدرسة يوم { $date } الساعة { $time } وليس قبل ذلك. الحافلات تتأخر أيضا. للأسئلة: { $phone }
    .subject = تبدأ المدرسة متأخرة يوم { $date }
# status: draft
early-dismissal = { $school }: تغلق المدرسة مبكرا اليوم: { $time }. استقبلوا طفلكم
    .plain = تنتهي الدروس اليوم الساعة { $time }. الساعة { $time } خذوا طفلكم من المدرسة أو انتظروا الحافلة، من فضلكم. للأسئلة: { $phone }
    .subject = تغلق المدرسة مبكرا اليوم
# status: draft
secured = { $school }: الأطفال بأمان والأبواب مقفلة احتياطا. رجاء لا تأتوا
    .plain = أقفلنا الأبواب احتياطا. كل الأطفال بأمان داخل المدرسة. من فضلكم لا تأتوا ولا تتصلوا. سنكتب لكم.
    .subject = الأطفال بأمان وأبواب المدرسة مقفلة احتياطا
# status: draft
do-not-come = { $school }: من فضلكم لا تأتوا الآن إلى المدرسة. الأطفال بأمان
    .plain = ابقوا في مكانكم من فضلكم ولا تأتوا إلى المدرسة. الأطفال معنا وهم بأمان. سنكتب لكم قريبا.
    .subject = من فضلكم لا تأتوا إلى المدرسة الآن
# status: draft
pick-up-at = { $school }: الأطفال بأمان في { $place }. خذوا طفلكم الآن بهوية
    .plain = ننتظركم مع طفلكم في { $place }. تعالوا الآن ومعكم هوية عليها صورة. الأطفال بأمان. { $phone }
    .subject = خذوا طفلكم الآن
# status: draft
all-clear = { $school }: كل شيء بخير الآن والمدرسة كالمعتاد. شكرا لصبركم
    .plain = انتهت المشكلة. الدروس مثل كل يوم. للأسئلة أجيبوا على هذه الرسالة.
    .subject = كل شيء بخير الآن
# status: draft
correction = { $school }: تصحيح. رسالتنا السابقة خطأ. الصحيح: { $text }
    .plain = لا تأخذوا برسالتنا السابقة. هذا هو الصحيح: { $text }
    .subject = تصحيح لرسالتنا السابقة
# status: draft
test = { $school }: هذه تجربة فقط لرسائل الطوارئ. ليس عليكم فعل شيء
    .plain = لم يحدث شيء. نجرب فقط هل تصلكم رسائلنا. لا حاجة لفعل أي شيء.
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
reading-at-home = { $teacher }: اقرؤوا هذا الأسبوع مع { $student } عشر دقائق كل يوم بأي لغة، ثم اسألوا عن القصة.
    .plain = اقرؤوا معا عشر دقائق كل يوم. القراءة بلغتكم جيدة أيضا.
    .subject = القراءة في البيت
# status: draft
homework-help = { $teacher }: مساعدة في الواجب { $date } الساعة { $time }، { $place }. هذا مجاني.
    .plain = يمكن لطفلكم الحصول على مساعدة مجانية في الواجب يوم { $date } الساعة { $time }.
    .subject = مساعدة في الواجب
# status: draft
field-trip-permission = { $teacher }: يذهب صفنا إلى { $place } يوم { $date }. هل توافقون على ذهاب { $student }؟
    .plain = نريد أن نأخذ { $student } معنا إلى { $place } يوم { $date }. هل تسمحون بذلك؟
    .subject = رحلة الصف { $date }
# status: draft
conference-invite = { $teacher }: أود أن أتحدث معكم عن { $student } يوم { $date } الساعة { $time }. المترجم مجاني.
    .plain = تعالوا نلتقي يوم { $date } الساعة { $time } ونتحدث عن { $student }. معنا مترجم.
    .subject = لقاء عن { $student }
# status: draft
bus-late = { $school }: الحافلة متأخرة اليوم. التأخير بالدقائق: { $minutes } تقريبا. الأطفال ينتظرون معنا.
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
parents-rights-notice = { $school }: لكم الحق في مترجم مجاني وفي أوراق بالعربية. اطلبوا في أي وقت: أجيبوا هنا أو اتصلوا على { $phone }
    .plain = على المدرسة أن تساعدكم بلغتكم مجانا. أخبرونا: { $phone }
    .subject = حقكم في مترجم
# status: draft
council-meeting = { $school }: نقرر معا، العائلات والمدرسة، { $date } الساعة { $time }، { $place }. رأيكم مهم وهناك مترجمون.
    .plain = احضروا وقولوا رأيكم في المدرسة يوم { $date } الساعة { $time }. عندنا مترجمون.
    .subject = مجلس العائلات { $date }
# status: draft
attendance-check-in = { $teacher }: لاحظنا غياب { $student } عدة أيام. كيف نساعدكم؟ أجيبوا بالعربية من فضلكم.
    .plain = لم نرَ { $student } في المدرسة أياما كثيرة. ماذا يمكننا أن نفعل؟ اكتبوا لنا من فضلكم.
    .subject = كيف نساعد؟
