# Frases de momentos reales de la escuela. Borrador: ninguna persona hablante las ha revisado todavía.

# status: draft
closed = { $school }: NO HAY CLASES el { $date } ({ $reason }). Sin autobuses ni actividades. Preguntas: responda o llame al { $phone }
    .plain = No hay clases el { $date }. La escuela está cerrada. No hay autobús.
    .subject = No hay clases el { $date }
# status: draft
delayed-opening = { $school }: el { $date } abrimos TARDE ({ $time }) y el bus también viene tarde. Preguntas: responda o llame al { $phone }
    .plain = El { $date } la escuela empieza tarde. Hora: { $time }, no antes.
    .subject = Abrimos tarde el { $date }
# status: draft
early-dismissal = { $school }: hoy la escuela cierra ANTES ({ $time }). A esa hora recoja a su hijo o hija o espere el bus escolar. Preguntas: { $phone }
    .plain = Hoy la escuela termina antes ({ $time }). Por favor venga a esa hora o espere el autobús.
    .subject = Hoy cerramos antes
# status: draft
secured = { $school }: puertas cerradas ahora por seguridad. Todos los niños y niñas siguen a salvo dentro. Por favor no venga ni llame. Le escribimos de nuevo.
    .plain = Los niños y las niñas están a salvo dentro de la escuela. Por favor no venga. Espere nuestro mensaje.
    .subject = Puertas cerradas; los niños están a salvo
# status: draft
do-not-come = { $school }: por favor NO venga ahora a la escuela. Los niños y niñas se encuentran a salvo con nosotros. Le escribimos pronto.
    .plain = Quédese donde está. No venga a la escuela. Los niños están a salvo.
    .subject = Por favor no venga ahora a la escuela
# status: draft
pick-up-at = { $school }: recoja ahora a su hijo o hija en { $place }. Traiga su ID con foto. Los niños se encuentran a salvo. { $phone }
    .plain = Su hijo o hija le espera en { $place }. Venga ahora con su identificación.
    .subject = Recoja ahora a su hijo o hija
# status: draft
all-clear = { $school }: todo vuelve a la normalidad. Las clases siguen como siempre. Gracias por su paciencia. Preguntas: responda a este mensaje
    .plain = El problema terminó. La escuela sigue normal.
    .subject = Todo vuelve a la normalidad
# status: draft
correction = { $school }: AVISO CORREGIDO. El mensaje anterior tiene un error. Lo correcto es: { $text }
    .plain = Olvide el mensaje anterior. Lo correcto es: { $text }
    .subject = Corrección
# status: draft
test = { $school }: esto es solo una PRUEBA de mensajes de emergencia. No tiene que hacer nada.
    .plain = Es una prueba. No pasa nada.
    .subject = Prueba de mensajes de emergencia
# status: draft
class-meeting = { $teacher }: le invitamos a la reunión de la clase el { $date }, { $time }, { $place }.
    .plain = El { $date }, { $time }, venga por favor a la escuela. Hablaremos de la clase de su hijo o hija.
    .subject = Reunión de la clase { $date }
# status: draft
absent-today = { $school }: { $student } no vino hoy a la escuela. Por favor cuéntenos por qué.
    .plain = Hoy { $student } no está en la escuela. ¿Es por enfermedad?
    .subject = Hoy no vino a la escuela
# status: draft
reading-at-home = { $teacher }: esta semana lea con { $student } diez minutos diarios, en cualquier idioma. Pregunte de qué trata el cuento.
    .plain = Lean en familia diez minutos cada día. En su propio idioma está muy bien.
    .subject = Leer en casa
# status: draft
homework-help = { $teacher }: hay ayuda con la tarea el { $date }, { $time }, { $place }. Es gratis.
    .plain = El { $date }, { $time }, su hijo o hija puede tener ayuda gratis con la tarea.
    .subject = Ayuda con la tarea
# status: draft
field-trip-permission = { $teacher }: la clase va a { $place } el { $date }. ¿Puede ir { $student }?
    .plain = Queremos llevar a { $student } a { $place } el { $date }. ¿Usted da permiso?
    .subject = Paseo de la clase { $date }
# status: draft
conference-invite = { $teacher }: el { $date }, { $time }, quisiera hablar con usted sobre { $student }. El intérprete es gratis.
    .plain = Le propongo vernos el { $date }, { $time }, para hablar de { $student }. Hay intérprete.
    .subject = Una conversación sobre { $student }
# status: draft
bus-late = { $school }: hoy el bus llega unos { $minutes } minutos tarde. Los niños y niñas esperan con alguien de la escuela.
    .plain = El autobús viene { $minutes } minutos después. Su hijo o hija está con nosotros.
    .subject = Autobús tarde hoy
# status: draft
bring-item = { $teacher }: por favor mande { $item } con { $student } el { $date }.
    .plain = El { $date } { $student } necesita { $item }.
    .subject = Por favor mande { $item }
# status: draft
good-news = { $teacher }: buenas noticias de { $student }: { $text }
    .plain = Buenas noticias: { $student } lo hizo muy bien. { $text }
    .subject = Buenas noticias
# status: draft
parents-rights-notice = { $school }: usted tiene derecho a un intérprete gratis y a papeles en español. Avise cuando quiera: responda o llame al { $phone }
    .plain = La escuela debe ayudarle en su idioma. Es gratis. Avise: { $phone }
    .subject = Su derecho a un intérprete
# status: draft
council-meeting = { $school }: familias y escuela deciden juntas el { $date }, { $time }, { $place }. Su voz cuenta. Hay intérpretes.
    .plain = El { $date }, { $time }, venga y diga qué piensa de la escuela. Hay intérpretes.
    .subject = Consejo de familias { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } no estuvo en la escuela varias veces. ¿En qué podemos ayudar? Responda en español, por favor.
    .plain = Muchas veces { $student } no estuvo en la escuela. ¿Qué podemos hacer para ayudar? Escríbanos por favor.
    .subject = ¿Cómo podemos ayudar?
