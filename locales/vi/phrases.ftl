# Câu nói cho những lúc thật ở trường. Bản nháp: chưa có người nói tiếng Việt nào xem lại.

# status: draft
closed = { $school }: NGHỈ HỌC { $date }. Không có xe buýt.
    .plain = { $date } trường đóng cửa, không có lớp học. Không có xe buýt, không có sinh hoạt. Lý do: { $reason }. Có thắc mắc: { $phone }
    .subject = Nghỉ học { $date }
# status: draft
delayed-opening = { $school }: { $date } MỞ CỬA TRỄ, lúc { $time }
    .plain = { $date } trường bắt đầu lúc { $time }. Không sớm hơn. Xe buýt cũng đến trễ hơn. Có thắc mắc: { $phone }
    .subject = Trường mở cửa trễ { $date }
# status: draft
early-dismissal = { $school }: HÔM NAY TAN SỚM lúc { $time }. Xin đón con hoặc chờ xe
    .plain = Hôm nay trường tan lúc { $time }. Giờ đó xin đến đón con, hoặc chờ xe buýt. Có thắc mắc: { $phone }
    .subject = Hôm nay trường tan sớm
# status: draft
secured = { $school }: đã khóa cửa đề phòng. Các em an toàn. Xin đừng đến.
    .plain = Các em đều an toàn ở trong trường. Cửa đã khóa để đề phòng. Xin đừng đến, đừng gọi. Trường sẽ nhắn tiếp.
    .subject = Trường khóa cửa; các em an toàn
# status: draft
do-not-come = { $school }: xin ĐỪNG đến trường lúc này. Các em an toàn.
    .plain = Xin ở yên tại chỗ. Đừng đến trường. Các em an toàn, đang ở với chúng tôi. Trường sẽ sớm nhắn tiếp.
    .subject = Xin đừng đến trường lúc này
# status: draft
pick-up-at = { $school }: xin đón con NGAY ở { $place }, mang ID. Trẻ an toàn
    .plain = Con quý vị đang chờ ở { $place }. Xin đến ngay, mang theo giấy tờ có ảnh (ID). Có thắc mắc: { $phone }
    .subject = Xin đón con ngay bây giờ
# status: draft
all-clear = { $school }: mọi việc đã ổn, học lại bình thường. Xin cảm ơn.
    .plain = Chuyện đã qua rồi. Trường học như mọi ngày. Có thắc mắc, xin trả lời tin này.
    .subject = Mọi việc đã ổn
# status: draft
correction = { $school }: TIN TRƯỚC SAI. Tin đúng là: { $text }
    .plain = Xin bỏ qua tin trước của trường. Tin này mới đúng: { $text }
    .subject = Trường sửa lại tin trước
# status: draft
test = { $school }: đây chỉ là tin THỬ. Quý vị không cần làm gì.
    .plain = Trường chỉ thử cách báo tin khẩn cấp. Không có chuyện gì xảy ra.
    .subject = Thử tin khẩn cấp
# status: draft
class-meeting = { $teacher }: mời quý vị dự buổi họp phụ huynh của lớp vào { $date }, { $time }, { $place }.
    .plain = Mời quý vị đến trường vào { $date } lúc { $time }. Chúng ta sẽ nói về lớp của con.
    .subject = Họp phụ huynh của lớp { $date }
# status: draft
absent-today = { $school }: hôm nay { $student } không có ở trường. Xin cho biết lý do.
    .plain = Hôm nay { $student } không đến lớp. Con có bị bệnh không?
    .subject = Vắng mặt hôm nay
# status: draft
reading-at-home = { $teacher }: tuần này xin đọc sách với { $student } mỗi ngày mười phút, tiếng nào cũng được. Đọc xong, xin hỏi con truyện kể gì.
    .plain = Mỗi ngày xin cùng con đọc mười phút. Đọc tiếng Việt cũng rất tốt.
    .subject = Đọc sách ở nhà
# status: draft
homework-help = { $teacher }: có người giúp các em làm bài tập vào { $date }, { $time }, { $place }. Miễn phí.
    .plain = Con quý vị có thể đến để được giúp làm bài tập vào { $date } lúc { $time }. Không tốn tiền.
    .subject = Giúp làm bài tập
# status: draft
field-trip-permission = { $teacher }: lớp sẽ đi { $place } vào { $date }. Quý vị có đồng ý cho { $student } đi không?
    .plain = Chúng tôi muốn đưa { $student } đến { $place } vào { $date }. Quý vị có đồng ý không?
    .subject = Chuyến đi của lớp { $date }
# status: draft
conference-invite = { $teacher }: tôi muốn nói chuyện với quý vị về { $student } vào { $date } lúc { $time }. Có thông dịch viên miễn phí.
    .plain = Mời quý vị gặp chúng tôi vào { $date } lúc { $time } để nói chuyện về { $student }. Sẽ có thông dịch viên.
    .subject = Nói chuyện về { $student }
# status: draft
bus-late = { $school }: hôm nay xe buýt trễ khoảng { $minutes } phút. Các em chờ cùng thầy cô.
    .plain = Xe buýt đến trễ { $minutes } phút. Con quý vị đang ở với chúng tôi.
    .subject = Hôm nay xe buýt trễ
# status: draft
bring-item = { $teacher }: xin cho { $student } mang { $item } vào { $date }.
    .plain = Vào { $date }, { $student } cần có { $item }.
    .subject = Xin mang { $item }
# status: draft
good-news = { $teacher }: tin vui về { $student }: { $text }
    .plain = Tin mừng: { $student } làm rất tốt: { $text }
    .subject = Tin vui
# status: draft
parents-rights-notice = { $school }: quý vị có quyền có thông dịch viên miễn phí và giấy tờ tiếng Việt. Lúc nào cần, xin trả lời hoặc gọi { $phone }
    .plain = Trường phải giúp quý vị bằng tiếng Việt. Không tốn tiền. Xin cho trường biết: { $phone }
    .subject = Quyền có thông dịch viên
# status: draft
council-meeting = { $school }: mời quý vị đến họp, phụ huynh và trường cùng quyết định: { $date }, { $time }, { $place }. Ý kiến của quý vị rất quan trọng. Có thông dịch viên.
    .plain = Mời quý vị đến nói điều mình nghĩ về trường vào { $date } lúc { $time }. Chúng tôi có thông dịch viên.
    .subject = Họp hội đồng phụ huynh { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } đã nghỉ học mấy ngày. Chúng tôi có thể giúp gì? Xin trả lời bằng tiếng Việt.
    .plain = Chúng tôi thấy { $student } hay vắng mặt. Chúng tôi có thể làm gì? Xin nhắn cho chúng tôi.
    .subject = Chúng tôi có thể giúp gì?
