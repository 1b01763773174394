# خاندانوں سے Homeword کی اپنی باتیں۔ مسودہ: ابھی کسی اہلِ زبان نے نہیں دیکھا۔

# status: draft
first-contact = { $school }: اسکول کے پیغام، فون کا خرچ ممکن ہے۔ جواب اردو میں دیں۔ غلط نمبر؟ لکھیں: غلط نمبر۔ روکیں: بند کریں یا STOP۔ مدد: مدد۔
# status: draft
who-is-it-for = { $school } کو آپ کا پیغام مل گیا۔ یہ کس کے لیے ہے؟
# status: draft
who-is-it-for-office = 9 دفتر، یا معلوم نہیں
# status: draft
who-is-it-for-else = آپ جواب نہ دیں تو دفتر پڑھے گا۔
# status: draft
stopped = { $school }: پیغام بند ہیں، صرف ہنگامی آئیں گے۔ چاہیں تو: 7 = صرف { $teacher } کے پیغام بند۔ 8 = ہنگامی بھی بند۔ START = پھر جاری۔
# status: draft
stopped-simple = { $school }: پیغام بند ہیں، صرف ہنگامی آئیں گے۔ چاہیں تو: 8 = ہنگامی بھی بند۔ START = پیغام پھر جاری۔
# status: draft
stopped-teacher-only = { $school }: صرف { $teacher } کے پیغام بند ہیں۔ باقی سب آتے رہیں گے۔ START = سب پھر جاری۔
# status: draft
stopped-all = { $school }: اب سب پیغام بند ہیں، ہنگامی بھی۔ START = پیغام پھر جاری۔
# status: draft
perhaps-stop = { $school }: کیا آپ مزید پیغام نہیں چاہتے؟ لکھیں: بند کریں یا STOP۔ اگر مطلب کچھ اور تھا تو کچھ نہ کریں۔
# status: draft
started = { $school }: آپ کو ہمارے پیغام پھر ملیں گے۔ روکنے کے لیے: بند کریں یا STOP۔
# status: draft
help = { $school }: یہ آپ کے بچے کے اسکول کے پیغام ہیں۔ اردو میں جواب دیں یا فون کریں: { $phone }۔ روکنے کے لیے: بند کریں یا STOP۔
# status: draft
received = { $school }: آپ کا پیغام مل گیا۔ یہ { $teacher } کے لیے ہے اور { $date } کو پڑھا جائے گا۔ ابھی خطرہ ہے؟ 911 پر فون کریں۔
# status: draft
received-unknown-number = { $school }: آپ کا پیغام مل گیا۔ یہ نمبر ابھی ہمارے پاس نہیں ہے۔ پیغام دفتر پڑھے گا۔ سوال ہو تو: { $phone }
# status: draft
not-clear = معاف کیجیے، ہمارا پیغام واضح نہیں تھا۔ ہم آسان لفظوں میں لکھیں گے۔ { $show } پہلا پیغام انگریزی میں { $contact } کوئی مجھ سے اردو میں رابطہ کرے، مفت
# status: draft
wrong-number = { $school }: معاف کیجیے۔ آئندہ اس نمبر پر پیغام نہیں آئیں گے۔
# status: draft
notice-original = { $school }: اگلا پیغام انگریزی میں ہے، ابھی یہ آپ کی زبان میں نہیں ہے۔ مفت ترجمان کے لیے فون کریں: { $phone }
# status: draft
notice-machine = یہ ترجمہ کمپیوٹر نے کیا ہے۔
# status: draft
contact-me-received = { $school }: { $date } تک ایک شخص آپ سے اردو میں رابطہ کرے گا۔ یہ مفت ہے۔
# status: draft
answer-noted = { $school }: ہم نے آپ کا جواب لکھ لیا: { $answer }
# status: draft
routed-to = { $school }: آپ کا پیغام { $teacher } کے پاس ہے۔
# status: draft
menu-closed = { $school }: اس سوال کا وقت ختم ہو چکا ہے، اس لیے آپ کا جواب نہیں لیا جا سکا۔ براہِ کرم اپنی بات لفظوں میں لکھیں۔
# status: draft
who-answers-now = { $school }: اب آپ کو جواب { $teacher } کی طرف سے ملے گا۔
# status: draft
needs-to-reach-you = { $school }: { $teacher } کو آپ سے رابطہ کرنا ہے۔ براہِ کرم اس پیغام کا جواب دیں یا فون کریں: { $phone }
# status: draft
your-child = آپ کے بچے
# status: draft
corrects = درستی۔ یہ پیغام پچھلے پیغام کی جگہ ہے:
# status: draft
reminder = یاد دہانی، کیونکہ ہمیں ابھی جواب نہیں ملا:
# status: draft
whole-message = پورا پیغام:
# status: draft
link-ended = یہ صفحہ اب دستیاب نہیں ہے۔ براہِ کرم اس پیغام کا جواب دیں جس میں یہ لنک آیا تھا، اسکول آپ کی مدد کرے گا۔
# status: draft
we-are-learning = ہم سیکھ رہے ہیں:
# status: draft
try-at-home = گھر پر کریں:
# status: draft
ask-your-child = اپنے بچے سے پوچھیں:
# status: draft
answer-coming = ہم آئیں گے
# status: draft
answer-not-coming = ہم نہیں آئیں گے
# status: draft
answer-permit = اجازت ہے
# status: draft
answer-refuse = اجازت نہیں ہے
# status: draft
answer-ill = بیمار ہے
# status: draft
answer-appointment = اپائنٹمنٹ ہے
# status: draft
answer-on-the-way = راستے میں ہے
# status: draft
answer-should-be-there = میرے بچے کو تو اسکول میں ہونا چاہیے
# status: draft
answer-contact-me = مجھ سے رابطہ کریں
# status: draft
answer-not-clear = پیغام واضح نہیں
# status: draft
email-subject-from = { $school } کا پیغام
# status: draft
email-reply-above = اپنا جواب اس لائن کے اوپر لکھیں
# status: draft
email-original-label = اصل انگریزی پیغام
# status: draft
email-footer = اس ای میل کا جواب اردو میں بھی دیا جا سکتا ہے۔ یہ ای میل روکنے کے لیے جواب میں لکھیں: بند کریں
# status: draft
email-stop-ask = کیا آپ کو { $school } کی مزید ای میلز نہیں چاہییں؟ ہنگامی ای میلز پھر بھی آئیں گی۔
# status: draft
email-stop-button = یہ ای میلز روک دیں
# status: draft
email-stopped = ای میلز بند کر دی گئی ہیں۔ اب { $school } کی طرف سے صرف ہنگامی ای میلز آئیں گی۔ سب پھر جاری کرنے کے لیے ہماری کسی بھی ای میل کے جواب میں START لکھیں۔
# status: draft
email-file-withheld = { $school }: آپ کا پیغام مل گیا، مگر آپ کی ای میل کی ایک فائل نہیں ملی۔ براہ کرم اسے تصویر یا PDF بنا کر بھیجیں یا فون کریں: { $phone }۔
# status: draft
call-says = { $school }. یہ نمبر تحریری پیغامات کے لیے ہے۔ ہمیں اردو میں پیغام بھیجیں یا دفتر کو فون کریں: { $phone }۔
# status: draft
call-missed = { $school }. اس وقت کوئی آپ کی کال نہیں لے سکتا۔ ہم نے دیکھ لیا ہے کہ آپ نے فون کیا، ہم آپ سے رابطہ کریں گے۔ آپ ہمیں اردو میں پیغام بھی بھیج سکتے ہیں۔
