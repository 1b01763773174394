# Lo que Homeword dice a las familias. Borrador: ninguna persona hablante lo ha revisado todavía.

# status: draft
first-contact = { $school }: mensajes de la escuela en español. Puede responder. ¿No es para usted? Ponga EQUIVOCADO. Parar: PARAR o STOP. Ayuda: AYUDA. Puede haber cargos.
# status: draft
who-is-it-for = { $school }: mensaje recibido. ¿Para quién es?
# status: draft
who-is-it-for-office = 9 Oficina o no sé
# status: draft
who-is-it-for-else = Si no responde, lo lee la oficina.
# status: draft
stopped = { $school }: listo. No escribiremos, salvo emergencias. Si prefiere: 7 = parar solo los de { $teacher }, 8 = tampoco emergencias, START = recibir de nuevo.
# status: draft
stopped-simple = { $school }: listo. No enviaremos mensajes, salvo emergencias. Si prefiere: 8 = tampoco emergencias, START = recibir de nuevo.
# status: draft
stopped-teacher-only = { $school }: listo. Paramos solo los mensajes de { $teacher }. Los otros siguen. START = recibir todo de nuevo.
# status: draft
stopped-all = { $school }: listo. No enviaremos nada, tampoco emergencias. START = recibir de nuevo.
# status: draft
perhaps-stop = { $school }: ¿no quiere recibir más mensajes? Responda PARAR o STOP. Si quería decir otra cosa, no haga nada.
# status: draft
started = { $school }: recibe otra vez nuestros mensajes. Para parar: PARAR o STOP.
# status: draft
help = { $school }: mensajes de la escuela de su hijo o hija. Responda en español o llame al { $phone }. Para parar: PARAR o STOP.
# status: draft
received = { $school }: tenemos su mensaje. { $teacher } lo lee el { $date }. ¿Peligro ahora? Llame al 911.
# status: draft
received-unknown-number = { $school }: tenemos su mensaje. Por ahora no conocemos este teléfono. Lo lee la oficina. Preguntas: { $phone }
# status: draft
not-clear = Perdone, nuestro texto no fue claro. Lo diremos con palabras simples. { $show } Ver en inglés { $contact } Que una persona me contacte en español, gratis
# status: draft
wrong-number = { $school }: perdone. Ya no escribiremos a este teléfono.
# status: draft
notice-original = { $school }: el mensaje que sigue viene en inglés, porque no lo tenemos en español. Intérprete gratis: llame al { $phone }
# status: draft
notice-machine = Traducido por computadora.
# status: draft
contact-me-received = { $school }: una persona le contacta en español el { $date } o antes. Es gratis.
# status: draft
answer-noted = { $school }: anotamos su respuesta: { $answer }
# status: draft
routed-to = { $school }: { $teacher } tiene su mensaje.
# status: draft
menu-closed = { $school }: el tiempo de esa pregunta ha terminado, y no contamos su respuesta. Por favor responda con palabras.
# status: draft
who-answers-now = { $school }: ahora le responde { $teacher }.
# status: draft
needs-to-reach-you = { $school }: { $teacher } necesita comunicarse con usted. Por favor responda a este mensaje o llame al { $phone }
# status: draft
your-child = su hijo o hija
# status: draft
corrects = Mensaje corregido. Reemplaza a nuestro mensaje anterior:
# status: draft
reminder = Un recordatorio, porque nos falta su respuesta:
# status: draft
whole-message = Mensaje completo:
# status: draft
link-ended = Esta página ya no está disponible. Responda al mensaje donde recibió el enlace y la escuela le ayudará.
# status: draft
we-are-learning = Aprendemos:
# status: draft
try-at-home = En casa pueden:
# status: draft
ask-your-child = Pregunte a su hijo o hija:
# status: draft
answer-coming = Iré
# status: draft
answer-not-coming = No iré
# status: draft
answer-permit = Doy permiso
# status: draft
answer-refuse = No doy permiso
# status: draft
answer-ill = Enfermedad
# status: draft
answer-appointment = Tiene cita
# status: draft
answer-on-the-way = En camino
# status: draft
answer-should-be-there = Pensé que estaba en la escuela
# status: draft
answer-contact-me = Quiero que me contacten
# status: draft
answer-not-clear = No se entiende
# status: draft
email-subject-from = Mensaje de { $school }
# status: draft
email-reply-above = Escriba su respuesta encima de esta línea
# status: draft
email-original-label = Original en inglés
# status: draft
email-footer = Puede responder a este correo en español. Para no recibir más correos, responda PARAR.
# status: draft
email-stop-ask = ¿Quiere dejar de recibir correos de { $school }? Los correos de emergencia le seguirán llegando.
# status: draft
email-stop-button = Parar estos correos
# status: draft
email-stopped = Listo. Ya no le llegarán correos de { $school }, salvo en una emergencia. Para recibirlos de nuevo, responda START a cualquier correo que tenga de nosotros.
# status: draft
email-file-withheld = { $school }: tenemos su mensaje, pero un archivo de su correo no nos llegó. Por favor, mándelo como foto o PDF, o llame al { $phone }.
# status: draft
call-says = { $school }. Este número es para mensajes de texto. Escríbanos aquí en español o llame a la oficina: { $phone }.
# status: draft
call-missed = { $school }. Ahora nadie puede atender su llamada. Vemos que llamó y nos pondremos en contacto. También puede mandarnos un mensaje en español.
