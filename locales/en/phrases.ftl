# Phrases of real school moments. `.plain` is the plain form sent after "0 not clear"; `.subject` the letter's subject.
# Emergency phrases are one segment with the longest arguments.

# status: draft
closed = { $school }: NO SCHOOL { $date } ({ $reason }). No buses, no activities. Questions: answer this text or { $phone }
    .plain = No school on { $date }. The building is closed. No bus.
    .subject = No school { $date }
# status: draft
delayed-opening = { $school }: school opens LATE { $date }, at { $time }. Buses come later too. Questions: answer or { $phone }
    .plain = School starts at { $time } on { $date }. Not earlier.
    .subject = School opens late { $date }
# status: draft
early-dismissal = { $school }: school closes EARLY today at { $time }. Pick up your child or meet the bus then. Questions: { $phone }
    .plain = School ends today at { $time }. Please be there.
    .subject = School closes early today
# status: draft
secured = { $school }: doors are locked now as a precaution. All children are safe inside. Please do not come or call. We write again.
    .plain = The children are safe inside the school. Please stay away until we write.
    .subject = School doors are locked; children are safe
# status: draft
do-not-come = { $school }: please do NOT come to the school now. Children are safe with us. We write again soon.
    .plain = Stay where you are. Do not come to the school. The children are safe.
    .subject = Please do not come to the school now
# status: draft
pick-up-at = { $school }: pick up your child now at { $place }. Bring an ID with photo. Children are safe. { $phone }
    .plain = Your child waits for you at { $place }. Come now with your ID.
    .subject = Pick up your child now
# status: draft
all-clear = { $school }: all is well again. School goes on as usual. Thank you for your patience. Questions: answer this text
    .plain = The problem is over. School is normal.
    .subject = All is well again
# status: draft
correction = { $school }: CORRECTION. Our last message was wrong. Please read this one: { $text }
    .plain = Forget our last message. This is right: { $text }
    .subject = Correction
# status: draft
test = { $school }: this is only a TEST of emergency messages. You do not need to do anything.
    .plain = This is a test. Nothing happened.
    .subject = Test of emergency messages
# status: draft
class-meeting = { $teacher }: you are invited to our class meeting { $date }, { $time }, { $place }.
    .plain = Please come to school on { $date } at { $time }. We talk about your child's class.
    .subject = Class meeting { $date }
# status: draft
absent-today = { $school }: { $student } is not in school today. Please tell us why.
    .plain = { $student } is not here today. Is your child ill?
    .subject = Absent today
# status: draft
reading-at-home = { $teacher }: this week please read with { $student } ten minutes a day, in any language. Ask what the story was about.
    .plain = Read together ten minutes each day. Your own language is good.
    .subject = Reading at home
# status: draft
homework-help = { $teacher }: homework help is open { $date } at { $time }, { $place }. It is free.
    .plain = Your child can get free help with homework on { $date } at { $time }.
    .subject = Homework help
# status: draft
field-trip-permission = { $teacher }: our class goes to { $place } on { $date }. May { $student } come?
    .plain = We want to take { $student } to { $place } on { $date }. Do you say yes?
    .subject = Class trip { $date }
# status: draft
conference-invite = { $teacher }: I would like to talk with you about { $student } on { $date } at { $time }. An interpreter is free.
    .plain = Let us meet on { $date } at { $time } and talk about { $student }. We bring an interpreter.
    .subject = A talk about { $student }
# status: draft
bus-late = { $school }: the bus is about { $minutes } minutes late today. Children wait with a teacher.
    .plain = The bus comes { $minutes } minutes later. Your child is with us.
    .subject = Bus late today
# status: draft
bring-item = { $teacher }: please send { $item } with { $student } on { $date }.
    .plain = { $student } needs { $item } on { $date }.
    .subject = Please bring { $item }
# status: draft
good-news = { $teacher }: good news about { $student }: { $text }
    .plain = { $student } did very well: { $text }
    .subject = Good news
# status: draft
parents-rights-notice = { $school }: you have the right to a free interpreter and to papers in your language. Ask us at any time: answer this text or { $phone }
    .plain = The school must help you in your language. It is free. Tell us: { $phone }
    .subject = Your right to an interpreter
# status: draft
council-meeting = { $school }: parents and staff decide together { $date }, { $time }, { $place }. Your voice counts. Interpreters are there.
    .plain = Come and say what you think about the school on { $date } at { $time }. We have interpreters.
    .subject = Parents' council { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } missed several days. How can we help? Please answer in your language.
    .plain = { $student } was often not here. What can we do? Please write to us.
    .subject = How can we help?
