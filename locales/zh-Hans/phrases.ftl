# 学校里真实时刻的用语。草稿：还没有母语者检查过。

# status: draft
closed = { $school }：{ $date }停课（{ $reason }）。没有校车，没有活动。有问题请回复或打 { $phone }
    .plain = { $date }不用上学。学校不开门。没有校车。
    .subject = { $date }停课
# status: draft
delayed-opening = { $school }：{ $date }推迟到{ $time }上课。校车也会晚来。有问题请回复或打 { $phone }
    .plain = { $date }，学校{ $time }才开始上课。请不要早来。
    .subject = { $date }推迟上课
# status: draft
early-dismissal = { $school }：今天学校提早在{ $time }放学。请到时来接孩子，或去校车站接。有问题请打 { $phone }
    .plain = 学校今天{ $time }就放学。请准时来接。
    .subject = 今天提早放学
# status: draft
secured = { $school }：为了安全，学校的门现在锁上了。所有孩子都在里面，都很安全。请不要来，也不要打电话。我们会再发信息。
    .plain = 孩子们在学校里面，很安全。请先别来，等我们的信息。
    .subject = 校门锁上了，孩子们都安全
# status: draft
do-not-come = { $school }：现在请不要来学校！孩子们和我们在一起，很安全。我们很快会再发信息。
    .plain = 请留在您现在的地方。不要来学校。孩子们很安全。
    .subject = 现在请不要来学校
# status: draft
pick-up-at = { $school }：请现在到 { $place } 接孩子。请带上有照片的证件。孩子们都安全。{ $phone }
    .plain = 您的孩子在 { $place } 等您。请现在就来，带上证件。
    .subject = 请现在来接孩子
# status: draft
all-clear = { $school }：现在一切正常了，学校照常上课。谢谢您耐心等待。有问题请回复。
    .plain = 事情已经解决了。学校一切照常。
    .subject = 一切恢复正常
# status: draft
correction = { $school }：更正。上一条信息错了，请看这一条：{ $text }
    .plain = 上一条信息不算。这一条才对：{ $text }
    .subject = 更正
# status: draft
test = { $school }：这只是紧急信息的测试，不是真的。您什么都不用做。
    .plain = 这是测试。没有出事。
    .subject = 紧急信息测试
# status: draft
class-meeting = { $teacher }：请您来参加班级家长会，{ $date }{ $time }，{ $place }。
    .plain = 请您{ $date }{ $time }来学校。我们谈谈您孩子的班级。
    .subject = 班级家长会 { $date }
# status: draft
absent-today = { $school }：{ $student }今天没来上学。请告诉我们是什么原因。
    .plain = { $student }今天不在学校。孩子生病了吗？
    .subject = 今天没来上学
# status: draft
reading-at-home = { $teacher }：这个星期请每天和{ $student }一起读书十分钟，用什么语言都可以。读完问问孩子，故事讲了什么。
    .plain = 每天一起读十分钟。用您自己的语言就很好。
    .subject = 在家读书
# status: draft
homework-help = { $teacher }：{ $date }{ $time }有作业辅导，在 { $place }。免费。
    .plain = { $date }{ $time }，有人辅导您的孩子做作业，不收费。
    .subject = 作业辅导
# status: draft
field-trip-permission = { $teacher }：我们班{ $date }去 { $place }。您同意让{ $student }去吗？
    .plain = 我们想在{ $date }带{ $student }去 { $place }。您同意吗？
    .subject = 班级外出 { $date }
# status: draft
conference-invite = { $teacher }：我想在{ $date }{ $time }和您聊聊{ $student }。有免费翻译。
    .plain = 我们{ $date }{ $time }见个面，说说{ $student }。我们会请翻译来。
    .subject = 聊聊{ $student }
# status: draft
bus-late = { $school }：今天校车大约晚 { $minutes } 分钟。孩子们有老师陪着等。
    .plain = 校车晚来 { $minutes } 分钟。您的孩子和我们在一起。
    .subject = 今天校车晚点
# status: draft
bring-item = { $teacher }：请在{ $date }让{ $student }带上 { $item }。
    .plain = { $date }，{ $student }需要 { $item }。
    .subject = 请带 { $item }
# status: draft
good-news = { $teacher }：告诉您一个好消息，是关于{ $student }的：{ $text }
    .plain = { $student }做得很好：{ $text }
    .subject = 好消息
# status: draft
parents-rights-notice = { $school }：您有权得到免费的翻译，也有权得到中文的文件。随时可以告诉我们：请回复或打 { $phone }
    .plain = 学校必须用您的语言帮助您，不收钱。请告诉我们：{ $phone }
    .subject = 您有权得到免费翻译
# status: draft
council-meeting = { $school }：请您来开会，家长和学校一起做决定：{ $date }{ $time }，{ $place }。您的意见很重要。有翻译。
    .plain = { $date }{ $time }请来说说您对学校的想法。我们有翻译。
    .subject = 家长委员会会议 { $date }
# status: draft
attendance-check-in = { $teacher }：{ $student }这段时间有几天没来上学。我们可以怎么帮忙？请用中文回复。
    .plain = 这段时间{ $student }常常没来上学。我们能做些什么？请写信息告诉我们。
    .subject = 我们可以怎么帮忙？
