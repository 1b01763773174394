# Frases de momentos reales de la escuela. Borrador: ninguna persona hablante las ha revisado todavía.

# status: draft
closed = { $school }: NO HAY CLASES { $date } ({ $reason }). Sin autobuses ni actividades. Preguntas: responda o llame al { $phone }
    .plain = No hay clases el { $date }. La escuela está cerrada. No hay autobús.
    .subject = No hay clases { $date }
# status: draft
delayed-opening = { $school }: abrimos TARDE el { $date }, a las { $time }. Los autobuses también. Preguntas: { $phone }
    .plain = El { $date } la escuela empieza a las { $time }. No antes.
    .subject = Abrimos tarde { $date }
# status: draft
early-dismissal = { $school }: hoy la escuela cierra ANTES, a las { $time }. Recoja a su hijo o espere el autobus. Preguntas: { $phone }
    .plain = Hoy la escuela termina a las { $time }. Por favor esté a esa hora.
    .subject = Hoy cerramos antes
# status: draft
secured = { $school }: puertas cerradas ahora por seguridad. Todos los niños y niñas bien adentro. Por favor no venga ni llame.
    .plain = Los niños y las niñas están bien dentro de la escuela. Espere nuestro mensaje.
    .subject = Puertas cerradas; los niños están bien
# status: draft
do-not-come = { $school }: por favor NO venga ahora a la escuela. Los niños y niñas se encuentran bien. Escribimos pronto.
    .plain = Quédese donde está. No venga a la escuela. Los niños están bien.
    .subject = Por favor no venga ahora a la escuela
# status: draft
pick-up-at = { $school }: recoja ahora a su hijo o hija en { $place }. Traiga su ID con foto. { $phone }
    .plain = Su hijo o hija le espera en { $place }. Venga ahora con su identificación.
    .subject = Recoja ahora a su hijo o hija
# status: draft
all-clear = { $school }: todo vuelve a la normalidad. Las clases siguen como siempre. Gracias por su paciencia.
    .plain = El problema terminó. La escuela sigue normal.
    .subject = Todo vuelve a la normalidad
# status: draft
correction = { $school }: CORRECCION. El mensaje anterior tiene un error. Lo correcto es: { $text }
    .plain = Olvide el mensaje anterior. Lo correcto es: { $text }
    .subject = Corrección
# status: draft
test = { $school }: esto es solo una PRUEBA de mensajes de emergencia. No tiene que hacer nada.
    .plain = Es una prueba. No pasa nada.
    .subject = Prueba de mensajes de emergencia
# status: draft
class-meeting = { $teacher }: le invitamos a la reunión de la clase el { $date }, { $time }, { $place }.
    .plain = Venga por favor a la escuela el { $date } a las { $time }. Hablamos de la clase de su hijo o hija.
    .subject = Reunión de la clase { $date }
# status: draft
absent-today = { $school }: { $student } no vino hoy a la escuela. Por favor díganos por qué.
    .plain = { $student } no está hoy en la escuela. ¿Tiene alguna enfermedad?
    .subject = Falta de hoy
# status: draft
reading-at-home = { $teacher }: esta semana lea con { $student } diez minutos al día, en cualquier idioma. Pregunte de qué trata el cuento.
    .plain = Lean juntos diez minutos cada día. Su propio idioma está bien.
    .subject = Leer en casa
# status: draft
homework-help = { $teacher }: hay ayuda con la tarea el { $date }, { $time }, { $place }. Es gratis.
    .plain = Su hijo o hija puede tener ayuda gratis con la tarea el { $date } a las { $time }.
    .subject = Ayuda con la tarea
# status: draft
field-trip-permission = { $teacher }: la clase va a { $place } el { $date }. ¿Puede ir { $student }?
    .plain = Queremos llevar a { $student } a { $place } el { $date }. ¿Usted da permiso?
    .subject = Paseo de la clase { $date }
# status: draft
conference-invite = { $teacher }: quiero hablar con usted sobre { $student } el { $date }, { $time }. El intérprete es gratis.
    .plain = Nos vemos el { $date } a las { $time } para hablar de { $student }. Hay intérprete.
    .subject = Una conversación sobre { $student }
# status: draft
bus-late = { $school }: el autobús llega unos { $minutes } minutos tarde hoy. Los niños esperan con una maestra.
    .plain = El autobús viene { $minutes } minutos después. Su hijo o hija está con nosotros.
    .subject = Autobús tarde hoy
# status: draft
bring-item = { $teacher }: por favor mande { $item } con { $student } el { $date }.
    .plain = { $student } necesita { $item } el { $date }.
    .subject = Por favor traer { $item }
# status: draft
good-news = { $teacher }: buenas noticias de { $student }: { $text }
    .plain = { $student } lo hizo muy bien: { $text }
    .subject = Buenas noticias
# status: draft
parents-rights-notice = { $school }: usted tiene derecho a un intérprete gratis y a papeles en español. Pida cuando quiera: responda o llame al { $phone }
    .plain = La escuela debe ayudarle en su idioma. Es gratis. Avise: { $phone }
    .subject = Su derecho a un intérprete
# status: draft
council-meeting = { $school }: familias y escuela deciden juntas el { $date }, { $time }, { $place }. Su voz cuenta. Hay intérpretes.
    .plain = Venga y diga qué piensa de la escuela el { $date } a las { $time }. Hay intérpretes.
    .subject = Consejo de familias { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } faltó varios días. ¿Cómo podemos ayudar? Responda en español, por favor.
    .plain = { $student } faltó muchas veces. ¿Qué podemos hacer? Escríbanos por favor.
    .subject = ¿Cómo podemos ayudar?
