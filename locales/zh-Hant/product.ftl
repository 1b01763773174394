# Homeword 對家長說的話。草稿：尚未由母語人士檢查。

# status: draft
first-contact = { $school }：您好，這是學校用中文傳給您的訊息，您可以直接回覆。如果您家沒有孩子在這裡讀書，請回覆「號碼錯誤」。不想再收到，請回覆「停止」或 STOP。需要幫忙，請回覆「幫助」。電話公司可能會收訊息費和上網費。
# status: draft
who-is-it-for = { $school }：已收到您的訊息。請問是給誰的？
# status: draft
who-is-it-for-office = 9 學校辦公室，或不清楚
# status: draft
who-is-it-for-else = 如果您沒有回覆，辦公室會看您的訊息。
# status: draft
stopped = { $school }：已停止。以後只有緊急情況才傳訊息給您。不用再回覆。想改請回：7 = 只停 { $teacher } 的訊息，8 = 緊急訊息也停，START = 再次接收。
# status: draft
stopped-simple = { $school }：已停止。以後只有緊急情況才傳訊息給您。不用再回覆。想改請回：8 = 緊急訊息也停，START = 再次接收。
# status: draft
stopped-teacher-only = { $school }：只停止了 { $teacher } 的訊息，其他訊息照常傳給您。START = 再次接收所有訊息。
# status: draft
stopped-all = { $school }：所有訊息都已停止，緊急訊息也不會再傳。START = 再次接收。
# status: draft
perhaps-stop = { $school }：您是不想再收到我們的訊息嗎？如果是，請回覆「停止」或 STOP。如果不是，不用理會。
# status: draft
started = { $school }：您又會收到我們的訊息了。不想再收到，請回覆「停止」或 STOP。
# status: draft
help = { $school }：這是您孩子的學校傳來的訊息。請直接用中文回覆，或打電話 { $phone }。不想再收到，請回覆「停止」或 STOP。
# status: draft
received = { $school }：收到您的訊息了，{ $teacher } 會在{ $date }看。如果現在有危險，請馬上打 911。
# status: draft
received-unknown-number = { $school }：收到您的訊息了。我們還不知道這個號碼是哪位家長的。辦公室會看。有問題請聯絡 { $phone }
# status: draft
not-clear = 對不起，我們寫得不清楚，會再寫得簡單一點。您也可以回覆：{ $show } 看英文原文，{ $contact } 請人用中文與我聯絡（免費）
# status: draft
wrong-number = { $school }：對不起，打擾您了。我們不會再傳訊息到這個號碼。
# status: draft
notice-original = { $school }：下一則訊息是英文，我們還沒有中文版。需要免費翻譯員，請打電話 { $phone }
# status: draft
notice-machine = 這則訊息由電腦翻譯。
# status: draft
contact-me-received = { $school }：最晚在{ $date }，會有人用中文與您聯絡。不收費。
# status: draft
answer-noted = { $school }：已記下您的回覆：{ $answer }
# status: draft
routed-to = { $school }：您的訊息已交給 { $teacher }。
# status: draft
menu-closed = { $school }：那個問題已經結束，所以您回覆的數字沒有算進去。請用文字告訴我們。
# status: draft
who-answers-now = { $school }：現在由 { $teacher } 為您回覆。
# status: draft
needs-to-reach-you = { $school }：{ $teacher } 需要與您聯絡。請回覆這則訊息，或打電話 { $phone }
# status: draft
your-child = 您的小孩
# status: draft
corrects = 更正。上一則訊息不算，請看這一則：
# status: draft
reminder = 提醒您一下，我們還沒有收到您的回覆：
# status: draft
whole-message = 全文在這裡：
# status: draft
link-ended = 這個頁面已經過期。請回覆附有這個連結的訊息，學校會協助您。
# status: draft
we-are-learning = 我們正在學習：
# status: draft
try-at-home = 在家可以試試看：
# status: draft
ask-your-child = 請問問您的孩子：
# status: draft
answer-coming = 我們會來
# status: draft
answer-not-coming = 我們不會來
# status: draft
answer-permit = 我同意
# status: draft
answer-refuse = 我不同意
# status: draft
answer-ill = 孩子生病了
# status: draft
answer-appointment = 孩子有預約
# status: draft
answer-on-the-way = 孩子正在路上
# status: draft
answer-should-be-there = 孩子應該在學校
# status: draft
answer-contact-me = 請聯絡我
# status: draft
answer-not-clear = 訊息寫得不清楚
# status: draft
email-subject-from = 學校來信 { $school }
# status: draft
email-reply-above = 請在這行字上方寫下您的回覆
# status: draft
email-original-label = 原文（英文）
# status: draft
email-footer = 您可以用中文回覆這封電子郵件。不想再收到這類郵件，請回覆「停止」或 STOP。
# status: draft
email-stop-ask = 您想停止接收學校 { $school } 的電子郵件嗎？有緊急情況時，我們還是會寄郵件給您。
# status: draft
email-stop-button = 停止接收這些郵件
# status: draft
email-stopped = 已停止。以後只有緊急情況，學校 { $school } 才會寄郵件給您。想再次接收，請回覆我們寄給您的任何一封郵件，寫上 START。
# status: draft
email-file-withheld = { $school }：收到您的訊息了，但您的電子郵件裡有一個檔案沒有收到。請用照片或 PDF 再寄給我們，或打電話 { $phone }。
# status: draft
call-says = { $school }。這個號碼只收簡訊。請用中文傳簡訊給我們，或打電話給辦公室：{ $phone }。
# status: draft
call-missed = { $school }。現在沒有人能接您的電話。我們看到您打來了，會跟您聯絡。您也可以用中文傳簡訊給我們。
