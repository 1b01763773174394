# 學校真實時刻的用語。草稿：尚未由母語人士檢查。

# status: draft
closed = { $school }：{ $date }停課（{ $reason }）。沒有校車，沒有活動。有疑問請回覆或打 { $phone }
    .plain = { $date }不用上學。學校不開門，也沒有校車。
    .subject = 停課通知：{ $date }
# status: draft
delayed-opening = { $school }：{ $date }延後上課，{ $time }才開始。校車也會晚到。有疑問請回覆或打 { $phone }
    .plain = { $date }，學校{ $time }才開始上課。請不要提早到。
    .subject = 延後上課：{ $date }
# status: draft
early-dismissal = { $school }：今天提前在{ $time }放學。請到時來接孩子，或到校車站接。有疑問請打 { $phone }
    .plain = 今天學校{ $time }就放學。請準時來接。
    .subject = 今天提前放學
# status: draft
secured = { $school }：為了安全，學校的門現在鎖上了。所有孩子都在裡面，都平安。請不要來，也不要打電話。我們會再通知您。
    .plain = 孩子們都在學校裡面，都平安。請先不要過來，等我們的訊息。
    .subject = 學校的門鎖上了，孩子都平安
# status: draft
do-not-come = { $school }：現在請不要到學校來！孩子們跟我們在一起，都平安。我們很快會再通知您。
    .plain = 請留在您現在的地方，不要到學校來。孩子們都平安。
    .subject = 現在請不要到學校來
# status: draft
pick-up-at = { $school }：請現在到 { $place } 接孩子，並帶上有照片的證件。孩子都平安。{ $phone }
    .plain = 您的孩子正在 { $place } 等您。請帶證件，現在就來。
    .subject = 請現在來接您的孩子
# status: draft
all-clear = { $school }：已經沒事了，學校照常上課。謝謝您耐心等候。有疑問請回覆。
    .plain = 事情已經過去了。學校照常上課。
    .subject = 已經沒事了
# status: draft
correction = { $school }：更正。上一則訊息錯了，請看這一則：{ $text }
    .plain = 上一則訊息不算。這一則才對：{ $text }
    .subject = 更正訊息
# status: draft
test = { $school }：這只是緊急訊息的測試，不是真的。您什麼都不用做。
    .plain = 這是一次測試，什麼事都沒有發生。
    .subject = 測試緊急訊息
# status: draft
class-meeting = { $teacher }：邀請您參加班級家長會：{ $date }{ $time }，{ $place }。
    .plain = { $date }{ $time }，請到學校來。我們會談談您孩子的班級。
    .subject = 班級家長會：{ $date }
# status: draft
absent-today = { $school }：{ $student }今天沒有來上學。請告訴我們原因。
    .plain = { $student }今天不在學校。孩子生病了嗎？
    .subject = 今天沒有來上學
# status: draft
reading-at-home = { $teacher }：這星期請每天陪{ $student }讀書十分鐘，哪種語言都可以。讀完請孩子說說故事的內容。
    .plain = 每天一起閱讀十分鐘，用自己的語言就很好。
    .subject = 在家閱讀
# status: draft
homework-help = { $teacher }：{ $date }{ $time }在 { $place } 有功課輔導，免費。
    .plain = { $date }{ $time }有人指導您的孩子做功課，不用付錢。
    .subject = 功課輔導
# status: draft
field-trip-permission = { $teacher }：我們班會在{ $date }到 { $place }。您同意讓{ $student }參加嗎？
    .plain = 我們想在{ $date }帶{ $student }到 { $place }。您同意嗎？
    .subject = 班級校外活動：{ $date }
# status: draft
conference-invite = { $teacher }：我想在{ $date }{ $time }與您談談{ $student }。有免費翻譯員。
    .plain = 我們在{ $date }{ $time }見面，談談{ $student }。我們會安排翻譯員。
    .subject = 與您談談{ $student }
# status: draft
bus-late = { $school }：今天校車大約晚 { $minutes } 分鐘。孩子們有老師陪著等。
    .plain = 校車會晚 { $minutes } 分鐘到。您的孩子跟我們在一起。
    .subject = 今天校車晚到
# status: draft
bring-item = { $teacher }：{ $date }請讓{ $student }帶 { $item } 到學校。
    .plain = { $student }在{ $date }需要 { $item }。
    .subject = 請記得帶 { $item }
# status: draft
good-news = { $teacher }：告訴您一個好消息，是關於{ $student }的：{ $text }
    .plain = { $student }表現得很好：{ $text }
    .subject = 給您的好消息
# status: draft
parents-rights-notice = { $school }：您有權得到免費的翻譯員，也有權得到中文的文件。隨時可以告訴我們：請回覆或打 { $phone }
    .plain = 學校必須用您的語言幫助您，不收錢。請告訴我們：{ $phone }
    .subject = 您有權得到免費翻譯員
# status: draft
council-meeting = { $school }：請您來開會，家長和學校一起決定：{ $date }{ $time }，{ $place }。您的意見很重要。有翻譯員。
    .plain = 請在{ $date }{ $time }來說說您對學校的看法。我們有翻譯員。
    .subject = 家長與學校會議：{ $date }
# status: draft
attendance-check-in = { $teacher }：{ $student }這段時間有幾天沒有來上學。我們可以怎樣幫忙？請用中文回覆。
    .plain = 這段時間{ $student }常常沒有來。我們可以做什麼？請傳訊息告訴我們。
    .subject = 我們可以怎樣幫忙？
