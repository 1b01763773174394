# Frases de momentos reais da escola. Rascunho: nenhum falante revisou ainda.

# status: draft
closed = { $school }: SEM AULA { $date }. Sem ônibus.
    .plain = Não tem aula { $date } ({ $reason }). A escola fica fechada. Não tem ônibus nem atividades. Dúvidas: { $phone }
    .subject = Sem aula { $date }
# status: draft
delayed-opening = { $school } abre MAIS TARDE { $date }: { $time }
    .plain = Não venha cedo { $date }. A aula começa mais tarde. Horário: { $time }. O ônibus também passa mais tarde. Dúvidas: { $phone }
    .subject = A escola abre mais tarde { $date }
# status: draft
early-dismissal = { $school }: HOJE a aula acaba MAIS CEDO: { $time }. Nessa hora, busque seu filho ou filha, ou espere o transporte escolar. Perguntas: { $phone }
    .plain = Hoje a aula acaba antes da hora normal. Horário: { $time }. Por favor, venha nessa hora ou espere o ônibus. Perguntas: { $phone }
    .subject = Hoje a aula acaba mais cedo
# status: draft
secured = { $school }: crianças seguras, portas trancadas. NÃO venha agora.
    .plain = As crianças estão seguras dentro da escola. Trancamos as portas só por precaução. Por favor, não venha nem ligue. Nós vamos escrever de novo.
    .subject = Portas da escola trancadas; as crianças estão seguras
# status: draft
do-not-come = { $school }: NÃO venha agora à escola. As crianças estão seguras.
    .plain = Fique onde você está. Não venha à escola. As crianças estão seguras com a gente. Logo vamos escrever de novo.
    .subject = Por favor, não venha à escola agora
# status: draft
pick-up-at = { $school }: venha AGORA buscar seu filho ou filha. Local: { $place }. Traga documento com foto. Alunos e alunas em lugar seguro. { $phone }
    .plain = Seu filho ou filha espera você aqui: { $place }. As crianças estão seguras. Venha agora e traga um documento com foto.
    .subject = Venha buscar seu filho ou filha agora
# status: draft
all-clear = { $school }: tudo voltou ao normal. As aulas seguem como sempre. Agradecemos por esperar. Perguntas: responda esta mensagem
    .plain = O problema acabou. A escola está funcionando normalmente.
    .subject = Tudo voltou ao normal
# status: draft
correction = { $school }: ERRAMOS na mensagem anterior. Por favor, leia esta: { $text }
    .plain = Esqueça nossa última mensagem. O certo é: { $text }
    .subject = Correção
# status: draft
test = { $school }: este é apenas um TESTE dos nossos avisos urgentes. Nada aconteceu e nada precisa ser feito.
    .plain = Isto é um teste. Não aconteceu nada. Você não precisa fazer nada.
    .subject = Teste dos avisos urgentes
# status: draft
class-meeting = { $teacher }: convidamos você para a reunião da nossa turma: { $date }, { $time }, { $place }.
    .plain = Por favor, venha à escola: { $date }, { $time }. Vamos conversar sobre a turma do seu filho ou filha.
    .subject = Reunião da turma: { $date }
# status: draft
absent-today = { $school }: { $student } faltou hoje à escola. Por favor, conte para a gente o motivo.
    .plain = { $student } não está na escola hoje. Ficou doente?
    .subject = Falta de hoje
# status: draft
reading-at-home = { $teacher }: esta semana, por favor, leia com { $student } dez minutos por dia, em qualquer idioma. Depois pergunte o que acontece no livro.
    .plain = Leia com { $student } dez minutos por dia. O idioma da sua casa é ótimo para isso.
    .subject = Ler em casa
# status: draft
homework-help = { $teacher }: ajuda com a tarefa de casa: { $date }, { $time }, { $place }. Sem custo.
    .plain = Seu filho ou filha pode ter ajuda grátis com a tarefa de casa: { $date }, { $time }.
    .subject = Ajuda com a tarefa de casa
# status: draft
field-trip-permission = { $teacher }: nossa turma vai fazer um passeio. Lugar: { $place }. Dia: { $date }. Podemos levar { $student }?
    .plain = Queremos levar { $student } para um passeio com a turma. Lugar: { $place }. Dia: { $date }. Você autoriza?
    .subject = Passeio da turma: { $date }
# status: draft
conference-invite = { $teacher }: gostaria de conversar com você sobre { $student }. Dia: { $date }, { $time }. Com intérprete, sem custo.
    .plain = Vamos nos encontrar e conversar sobre { $student }: { $date }, { $time }. Vai ter intérprete.
    .subject = Uma conversa sobre { $student }
# status: draft
bus-late = { $school }: hoje o transporte escolar atrasa uns { $minutes } minutos. Alunos e alunas esperam com um professor ou professora.
    .plain = O ônibus vem { $minutes } minutos mais tarde. Seu filho ou filha está com a gente.
    .subject = Ônibus atrasado hoje
# status: draft
bring-item = { $teacher }: por favor, mande { $item } com { $student }. Dia: { $date }.
    .plain = { $student } precisa disto: { $item }. Dia: { $date }.
    .subject = Por favor, mande { $item }
# status: draft
good-news = { $teacher }: boa notícia sobre { $student }: { $text }
    .plain = { $student } foi muito bem: { $text }
    .subject = Boa notícia
# status: draft
parents-rights-notice = { $school }: é seu direito ter intérprete sem custo e papéis da escola no seu idioma. Basta pedir: responda esta mensagem ou ligue { $phone }
    .plain = A escola tem que ajudar você no seu idioma. É grátis. Avise a gente: { $phone }
    .subject = Seu direito a um intérprete
# status: draft
council-meeting = { $school }: famílias e escola decidem juntas: { $date }, { $time }, { $place }. Sua voz conta. Com intérpretes.
    .plain = Venha dizer o que você pensa da escola: { $date }, { $time }. Temos intérpretes.
    .subject = Conselho de famílias: { $date }
# status: draft
attendance-check-in = { $teacher }: { $student } faltou alguns dias. Como podemos ajudar? Por favor, responda no seu idioma.
    .plain = { $student } faltou muitas vezes. O que podemos fazer? Escreva para a gente, por favor.
    .subject = Como podemos ajudar?
