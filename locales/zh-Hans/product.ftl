# Homeword 对家长说的话。草稿：还没有母语者检查过。

# status: draft
first-contact = { $school }：您好，这是学校用中文发给您的短信，您可以直接回复。如果您家没有孩子在这里上学，请回复“号码错误”。不想再收，请回复“停止”或STOP。需要帮助，请回复“帮助”。手机公司可能会收短信费和流量费。
# status: draft
who-is-it-for = { $school }：收到您的信息。请问是写给谁的？
# status: draft
who-is-it-for-office = 9 办公室，或者不清楚
# status: draft
who-is-it-for-else = 如果您不回复，办公室会看您的信息。
# status: draft
stopped = { $school }：已停止。以后只有紧急情况才给您发信息。不用再回复。想改请回：7 = 只停 { $teacher } 的信息，8 = 紧急信息也停，START = 重新接收。
# status: draft
stopped-simple = { $school }：已停止。以后只有紧急情况才给您发信息。不用再回复。想改请回：8 = 紧急信息也停，START = 重新接收。
# status: draft
stopped-teacher-only = { $school }：只停了 { $teacher } 的信息，其他信息照常发给您。START = 重新接收全部信息。
# status: draft
stopped-all = { $school }：所有信息都停了，紧急信息也不再发。START = 重新接收。
# status: draft
perhaps-stop = { $school }：您是不想再收到我们的短信吗？如果是，请回复“停止”或STOP。如果不是，不用理会。
# status: draft
started = { $school }：您又会收到我们的信息了。不想再收，请回复“停止”或STOP。
# status: draft
help = { $school }：这是您孩子的学校发的信息。请直接用中文回复，或打电话 { $phone }。不想再收，请回复“停止”或STOP。
# status: draft
received = { $school }：收到您的信息。{ $teacher } 会在{ $date }看。如果现在有危险，请马上打 911。
# status: draft
received-unknown-number = { $school }：收到您的信息。我们还不知道这个号码是哪位家长的。办公室会看您的信息。有问题请联系 { $phone }
# status: draft
not-clear = 对不起，我们没有写清楚。我们会写得更简单。您也可以回复：{ $show } 看英文原文，{ $contact } 请人用中文联系我（免费）
# status: draft
wrong-number = { $school }：对不起，打扰您了。我们不会再给这个号码发信息。
# status: draft
notice-original = { $school }：下一条信息是英文，我们还没有中文版。需要免费翻译，请打电话 { $phone }
# status: draft
notice-machine = 这条信息由电脑翻译。
# status: draft
contact-me-received = { $school }：最晚{ $date }，会有人用中文联系您。免费。
# status: draft
answer-noted = { $school }：我们记下了您的回答：{ $answer }
# status: draft
routed-to = { $school }：{ $teacher } 收到您的信息了。
# status: draft
menu-closed = { $school }：那个问题已经结束，所以您回的数字没有算进去。请用文字告诉我们。
# status: draft
who-answers-now = { $school }：现在由 { $teacher } 回复您。
# status: draft
needs-to-reach-you = { $school }：{ $teacher } 需要和您联系。请回复这条信息，或打电话 { $phone }
# status: draft
your-child = 您的孩子
# status: draft
corrects = 更正。上一条信息不算，以这条为准：
# status: draft
reminder = 提醒您一下，我们还没有收到您的回答：
# status: draft
whole-message = 全文在这里：
# status: draft
link-ended = 这个页面已经过期。请回复带有这个链接的信息，学校会帮助您。
# status: draft
we-are-learning = 我们正在学：
# status: draft
try-at-home = 在家可以试试：
# status: draft
ask-your-child = 问问您的孩子：
# status: draft
answer-coming = 我们会来
# status: draft
answer-not-coming = 我们来不了
# status: draft
answer-permit = 我同意
# status: draft
answer-refuse = 我不同意
# status: draft
answer-ill = 孩子病了
# status: draft
answer-appointment = 孩子有预约
# status: draft
answer-on-the-way = 孩子在路上
# status: draft
answer-should-be-there = 孩子应该在学校
# status: draft
answer-contact-me = 请联系我
# status: draft
answer-not-clear = 信息没写清楚
# status: draft
email-subject-from = 学校来信 { $school }
# status: draft
email-reply-above = 请在这一行的上面写您的回复
# status: draft
email-original-label = 英文原文
# status: draft
email-footer = 您可以用中文回复这封邮件。不想再收到这样的邮件，请回复“停止”或STOP。
# status: draft
email-stop-ask = 您想停止接收学校 { $school } 的邮件吗？有紧急情况时，我们还是会给您发邮件。
# status: draft
email-stop-button = 停止接收这些邮件
# status: draft
email-stopped = 已停止。以后只有紧急情况，学校 { $school } 才给您发邮件。想重新接收，请回复我们发给您的任何一封邮件，写上START。
# status: draft
email-file-withheld = { $school }：收到您的信息，但您邮件里有一个文件没有收到。请用照片或PDF再发给我们，或打电话 { $phone }。
# status: draft
call-says = { $school }。这个号码只收短信。请用中文给我们发短信，或打电话给办公室：{ $phone }。
# status: draft
call-missed = { $school }。现在没有人能接您的电话。我们看到您打来了，会跟您联系。您也可以用中文给我们发短信。
