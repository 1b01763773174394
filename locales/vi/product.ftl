# Lời Homeword nói với các gia đình. Bản nháp: chưa có người nói tiếng Việt nào xem lại.

# status: draft
first-contact = { $school }: tin tiếng Việt của trường. Xin cứ trả lời. Nhầm? Nhắn NHẦM SỐ. Ngừng: NGỪNG hoặc STOP. Giúp: GIÚP. Có thể tốn phí.
# status: draft
who-is-it-for = { $school } đã nhận tin. Tin này gửi cho ai?
# status: draft
who-is-it-for-office = 9 Văn phòng hoặc không rõ
# status: draft
who-is-it-for-else = Nếu không trả lời, văn phòng sẽ đọc.
# status: draft
stopped = { $school }: đã ngừng, trừ tin khẩn. Không cần làm gì. 7 = chỉ ngừng tin của { $teacher }. 8 = ngừng cả tin khẩn. START = nhận lại.
# status: draft
stopped-simple = { $school }: đã ngừng nhắn, trừ tin khẩn cấp. Quý vị không cần làm gì thêm. 8 = ngừng cả tin khẩn cấp. START = nhận lại.
# status: draft
stopped-teacher-only = { $school }: chỉ ngừng tin của { $teacher }. Các tin khác vẫn gửi. START = nhận lại mọi tin.
# status: draft
stopped-all = { $school }: đã ngừng mọi tin, cả tin khẩn cấp. START = nhận lại.
# status: draft
perhaps-stop = { $school }: quý vị không muốn nhận tin nữa? Xin nhắn NGỪNG hoặc STOP. Nếu không phải vậy, xin bỏ qua.
# status: draft
started = { $school }: quý vị lại nhận được tin của trường. Muốn ngừng: NGỪNG hoặc STOP.
# status: draft
help = { $school }: tin từ trường của con quý vị. Xin trả lời bằng tiếng Việt, hoặc gọi { $phone }. Muốn ngừng: NGỪNG hoặc STOP.
# status: draft
received = { $school }: đã nhận tin nhắn của quý vị. { $teacher } sẽ đọc vào { $date }. Đang có nguy hiểm? Hãy gọi 911.
# status: draft
received-unknown-number = { $school }: đã nhận tin nhắn của quý vị. Trường chưa biết số này của ai. Văn phòng sẽ đọc. Có thắc mắc: { $phone }
# status: draft
not-clear = Xin lỗi, tin chưa rõ. Trường sẽ viết dễ hiểu hơn. Hoặc nhắn: { $show } = xem bản tiếng Anh, { $contact } = xin người nói tiếng Việt liên lạc, miễn phí
# status: draft
wrong-number = { $school }: xin lỗi. Trường sẽ không nhắn đến số này nữa.
# status: draft
notice-original = { $school }: tin sau đây bằng tiếng Anh, chưa có bản tiếng Việt. Cần thông dịch viên miễn phí, xin gọi { $phone }
# status: draft
notice-machine = Bản dịch bằng máy tính.
# status: draft
contact-me-received = { $school }: sẽ có người liên lạc với quý vị bằng tiếng Việt, chậm nhất là { $date }. Miễn phí.
# status: draft
answer-noted = { $school }: đã ghi câu trả lời của quý vị: { $answer }
# status: draft
routed-to = { $school }: { $teacher } đã có tin nhắn của quý vị.
# status: draft
menu-closed = { $school }: câu hỏi đó đã đóng nên số quý vị gửi không được tính. Xin trả lời bằng chữ.
# status: draft
who-answers-now = { $school }: từ bây giờ, { $teacher } sẽ trả lời quý vị.
# status: draft
needs-to-reach-you = { $school }: { $teacher } cần liên lạc với quý vị. Xin trả lời tin nhắn này, hoặc gọi { $phone }
# status: draft
your-child = con quý vị
# status: draft
corrects = Trường xin sửa lại. Tin này thay cho tin trước:
# status: draft
reminder = Xin nhắc lại, vì trường chưa nhận được câu trả lời:
# status: draft
whole-message = Toàn bộ tin nhắn:
# status: draft
link-ended = Trang này không còn mở được nữa. Xin trả lời tin nhắn có đường link này, trường sẽ giúp quý vị.
# status: draft
we-are-learning = Lớp đang học:
# status: draft
try-at-home = Thử làm ở nhà:
# status: draft
ask-your-child = Xin hỏi con:
# status: draft
answer-coming = Tôi sẽ đến
# status: draft
answer-not-coming = Tôi sẽ không đến
# status: draft
answer-permit = Tôi cho phép
# status: draft
answer-refuse = Tôi không cho phép
# status: draft
answer-ill = Con bị bệnh
# status: draft
answer-appointment = Con có hẹn
# status: draft
answer-on-the-way = Con đang trên đường đến
# status: draft
answer-should-be-there = Tôi nghĩ con đang ở trường
# status: draft
answer-contact-me = Xin liên lạc với tôi
# status: draft
answer-not-clear = Tin này không rõ
# status: draft
email-subject-from = Thư từ trường { $school }
# status: draft
email-reply-above = Xin viết câu trả lời phía trên dòng này
# status: draft
email-original-label = Bản gốc tiếng Anh
# status: draft
email-footer = Quý vị có thể trả lời thư này bằng tiếng Việt. Để ngừng nhận thư, xin trả lời: NGỪNG hoặc STOP.
# status: draft
email-stop-ask = Quý vị có muốn ngừng nhận thư từ trường { $school } không? Khi có việc khẩn cấp, trường vẫn gửi thư.
# status: draft
email-stop-button = Ngừng nhận các thư này
# status: draft
email-stopped = Đã ngừng. Trường { $school } sẽ không gửi thư cho quý vị nữa, trừ khi có việc khẩn cấp. Muốn nhận lại, xin trả lời bất cứ thư nào của trường bằng chữ START.
# status: draft
email-file-withheld = { $school }: đã nhận thư của quý vị, trừ một tập tin kèm theo. Xin gửi lại tập tin đó dưới dạng ảnh hoặc PDF, hoặc gọi { $phone }.
# status: draft
call-says = { $school }. Số này chỉ nhận tin nhắn. Xin quý vị nhắn tin bằng tiếng Việt, hoặc gọi văn phòng: { $phone }.
# status: draft
call-missed = { $school }. Hiện không ai nghe máy được. Trường đã biết quý vị gọi và sẽ liên lạc lại. Quý vị cũng có thể nhắn tin bằng tiếng Việt.
