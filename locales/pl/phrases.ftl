# Zdania na prawdziwe chwile w szkole. Szkic: nie sprawdziła ich jeszcze żadna osoba mówiąca po polsku.

# status: draft
closed = { $school }: NIE MA LEKCJI I AUTOBUSU: { $date }
    .plain = { $date }: szkoła jest zamknięta. Nie ma lekcji, autobusu ani zajęć. Powód: { $reason }. Pytania: { $phone }
    .subject = Nie ma lekcji: { $date }
# status: draft
delayed-opening = { $school }: LEKCJE DOPIERO O { $time }, { $date }
    .plain = { $date }: szkoła zaczyna o { $time }. Nie wcześniej. Autobusy też przyjadą później. Pytania: { $phone }
    .subject = Lekcje zaczynają się później: { $date }
# status: draft
early-dismissal = { $school }: DZISIAJ lekcje tylko do { $time }. Prosimy wtedy o przyjazd po dziecko albo czekanie na autobus. Pytania: { $phone }
    .plain = Szkoła kończy się dzisiaj o { $time }. O tej godzinie prosimy przyjechać po dziecko albo czekać na autobus.
    .subject = Dzisiaj szkoła kończy się wcześniej
# status: draft
secured = { $school }: zamykamy drzwi na wszelki wypadek. Wszystkie dzieci bezpieczne w szkole. Prosimy: niech nikt NIE przychodzi i NIE dzwoni. Napiszemy znowu.
    .plain = Dzieci są bezpieczne w szkole. Prosimy nie przychodzić, dopóki nie napiszemy.
    .subject = Drzwi szkoły zamknięte; dzieci są bezpieczne
# status: draft
do-not-come = { $school }: prosimy NIE przychodzić teraz. Dzieci są bezpieczne.
    .plain = Prosimy zostać tam, gdzie Państwo są. Prosimy nie przychodzić do szkoły. Dzieci są bezpieczne, są z nami. Niedługo znowu napiszemy.
    .subject = Prosimy nie przychodzić teraz do szkoły
# status: draft
pick-up-at = { $school }: prosimy TERAZ o przyjazd po dziecko. Miejsce: { $place }. Potrzebny dokument z foto (ID). Dzieci bezpieczne. Tel. { $phone }
    .plain = Dziecko czeka na Państwa. Miejsce: { $place }. Prosimy przyjechać teraz i mieć dokument ze zdjęciem (ID).
    .subject = Prosimy teraz odebrać dziecko
# status: draft
all-clear = { $school }: już wszystko dobrze. Lekcje jak zwykle. Dziękujemy.
    .plain = Nie ma już problemu. Szkoła działa normalnie. Pytania: można tu odpisać.
    .subject = Już wszystko dobrze
# status: draft
correction = { $school }: POPRAWKA. Poprzednio był błąd. Poprawnie: { $text }
    .plain = Nasza ostatnia wiadomość była błędna. Prawdziwe jest to: { $text }
    .subject = Poprawka
# status: draft
test = { $school }: to TYLKO TEST alarmów. Nic nie trzeba robić.
    .plain = To próba wiadomości alarmowych. Nic się nie stało.
    .subject = Test wiadomości alarmowych
# status: draft
class-meeting = { $teacher }: zapraszamy na zebranie klasy: { $date }, { $time }, { $place }.
    .plain = Prosimy przyjść do szkoły: { $date }, { $time }. Porozmawiamy o klasie dziecka.
    .subject = Zebranie klasy: { $date }
# status: draft
absent-today = { $school }: { $student } ma dziś nieobecność w szkole. Prosimy napisać, dlaczego.
    .plain = Dziecka nie ma dziś w szkole. Czy { $student } choruje?
    .subject = Dziecka nie ma dziś w szkole
# status: draft
reading-at-home = { $teacher }: w tym tygodniu niech { $student } czyta z kimś w domu 10 minut dziennie, w dowolnym języku. Potem proszę zapytać, o czym to było.
    .plain = Proszę czytać razem 10 minut każdego dnia. Po polsku jest bardzo dobrze.
    .subject = Czytanie w domu
# status: draft
homework-help = { $teacher }: pomoc w lekcjach: { $date }, { $time }, { $place }. Za darmo.
    .plain = Dziecko może dostać bezpłatną pomoc w odrabianiu lekcji: { $date }, { $time }.
    .subject = Pomoc w lekcjach
# status: draft
field-trip-permission = { $teacher }: nasza klasa jedzie na wycieczkę: { $place }, { $date }. Czy { $student } może jechać?
    .plain = { $student } może pojechać z klasą na wycieczkę: { $place }, { $date }. Czy się Państwo zgadzają?
    .subject = Wycieczka klasy: { $date }
# status: draft
conference-invite = { $teacher }: zapraszam na rozmowę o tym, jak { $student } radzi sobie w szkole: { $date }, { $time }. Tłumacz jest bezpłatny.
    .plain = Spotkajmy się: { $date }, { $time }. Porozmawiamy, jak { $student } czuje się w szkole. Będzie tłumacz.
    .subject = Rozmowa: { $student }
# status: draft
bus-late = { $school }: autobus spóźni się dziś około { $minutes } min. Dzieci czekają pod opieką szkoły.
    .plain = Autobus przyjedzie { $minutes } min później. Dziecko jest z nami.
    .subject = Autobus dziś się spóźni
# status: draft
bring-item = { $teacher }: proszę, niech { $student } przyniesie do szkoły: { $item }. Kiedy: { $date }.
    .plain = { $student } potrzebuje: { $item }. Dzień: { $date }.
    .subject = Prosimy dać do szkoły: { $item }
# status: draft
good-news = { $teacher }: dobra wiadomość! { $student }: { $text }
    .plain = { $student } bardzo dobrze sobie radzi: { $text }
    .subject = Dobra wiadomość
# status: draft
parents-rights-notice = { $school }: mają Państwo prawo do bezpłatnego tłumacza i dokumentów po polsku. Można o to zawsze prosić: tu albo { $phone }
    .plain = Szkoła musi Państwu pomagać po polsku. To nic nie kosztuje. Prosimy dać znać: { $phone }
    .subject = Prawo do tłumacza
# status: draft
council-meeting = { $school }: rodzice i szkoła decydują razem: { $date }, { $time }, { $place }. Państwa głos się liczy. Będą tłumacze.
    .plain = Prosimy przyjść i powiedzieć, co Państwo myślą o szkole: { $date }, { $time }. Mamy tłumaczy.
    .subject = Rada rodziców: { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } ma kilka dni nieobecności. Jak możemy pomóc? Proszę odpisać po polsku.
    .plain = { $student } ma w szkole dużo nieobecności. Co możemy zrobić? Prosimy do nas napisać.
    .subject = Jak możemy pomóc?
