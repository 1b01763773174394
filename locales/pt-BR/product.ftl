# O que o Homeword diz às famílias. Rascunho: nenhum falante revisou ainda.

# status: draft
first-contact = { $school }: mensagens da escola no seu idioma. Pode responder. Foi engano? Responda TELEFONE ERRADO. Parar: PARAR ou STOP. Ajuda: AJUDA. Pode ter custo.
# status: draft
who-is-it-for = { $school } recebeu sua mensagem. Para quem é?
# status: draft
who-is-it-for-office = 9 Secretaria ou não sei
# status: draft
who-is-it-for-else = Se não responder, a secretaria lê.
# status: draft
stopped = { $school }: paramos. Enviaremos apenas avisos urgentes. Pode deixar assim. 7 = parar apenas { $teacher }. 8 = parar urgentes também. START = receber de novo.
# status: draft
stopped-simple = { $school }: paramos. Enviaremos apenas avisos urgentes. Pode deixar assim. 8 = parar avisos urgentes também. START = receber de novo.
# status: draft
stopped-teacher-only = { $school }: paramos apenas as mensagens de { $teacher }. As outras continuam. START = receber todas de novo.
# status: draft
stopped-all = { $school }: paramos todas as mensagens, até os avisos urgentes. START = receber de novo.
# status: draft
perhaps-stop = { $school }: não quer mais receber mensagens? Responda PARAR ou STOP. Se não era isso, não faça nada.
# status: draft
started = { $school }: nossas mensagens voltam a chegar. Para parar: PARAR ou STOP.
# status: draft
help = { $school }: mensagens da escola do seu filho ou filha. Responda no seu idioma ou ligue para { $phone }. Para parar: PARAR ou STOP.
# status: draft
received = { $school }: recebemos sua mensagem. { $teacher } vai ler neste dia: { $date }. Perigo agora? Ligue 911.
# status: draft
received-unknown-number = { $school }: recebemos sua mensagem. Ainda não conhecemos este número. A secretaria vai ler. Dúvidas: { $phone }
# status: draft
not-clear = Desculpe, nossa mensagem não ficou clara. Vamos explicar melhor. { $show } Ver em inglês { $contact } Quero contato com uma pessoa em português, grátis
# status: draft
wrong-number = { $school }: desculpe. Paramos de escrever para este telefone.
# status: draft
notice-original = { $school }: a próxima mensagem está em inglês. Ainda não temos o texto em português. Intérprete grátis: ligue { $phone }
# status: draft
notice-machine = Traduzido por computador.
# status: draft
contact-me-received = { $school }: uma pessoa vai entrar em contato em português até { $date }. É grátis.
# status: draft
answer-noted = { $school }: anotamos sua resposta: { $answer }
# status: draft
routed-to = { $school }: { $teacher } recebeu sua mensagem.
# status: draft
menu-closed = { $school }: o prazo dessa pergunta acabou, por isso não contamos o número. Por favor, escreva com palavras.
# status: draft
who-answers-now = { $school }: agora quem responde sua mensagem é { $teacher }.
# status: draft
needs-to-reach-you = { $school }: { $teacher } precisa entrar em contato. Por favor, responda esta mensagem ou ligue para { $phone }
# status: draft
your-child = seu filho ou filha
# status: draft
corrects = Corrigimos nossa mensagem anterior. Agora vale esta:
# status: draft
reminder = Um lembrete, porque ainda esperamos sua resposta:
# status: draft
whole-message = Mensagem completa:
# status: draft
link-ended = Esta página não está mais disponível. Responda à mensagem em que recebeu o link e a escola vai ajudar.
# status: draft
we-are-learning = Estamos aprendendo:
# status: draft
try-at-home = Para fazer em casa:
# status: draft
ask-your-child = Pergunte ao seu filho ou filha:
# status: draft
answer-coming = Vou
# status: draft
answer-not-coming = Não vou
# status: draft
answer-permit = Autorizo
# status: draft
answer-refuse = Não autorizo
# status: draft
answer-ill = Ficou doente
# status: draft
answer-appointment = Consulta ou compromisso
# status: draft
answer-on-the-way = A caminho
# status: draft
answer-should-be-there = Deveria estar na escola
# status: draft
answer-contact-me = Entrem em contato comigo
# status: draft
answer-not-clear = Mensagem confusa
# status: draft
email-subject-from = Mensagem de { $school }
# status: draft
email-reply-above = Escreva sua resposta acima desta linha
# status: draft
email-original-label = Original em inglês
# status: draft
email-footer = Você pode responder esta mensagem em português. Para não receber mais estes e-mails, responda PARAR.
# status: draft
email-stop-ask = Você quer parar de receber e-mails de { $school }? Os avisos urgentes vão continuar chegando.
# status: draft
email-stop-button = Parar estes e-mails
# status: draft
email-stopped = Paramos. Você não vai mais receber e-mails de { $school }, apenas avisos urgentes. Para receber de novo, responda START a qualquer e-mail nosso que você tenha.
# status: draft
email-file-withheld = { $school }: recebemos sua mensagem, mas um arquivo do seu e-mail não chegou. Por favor, envie o arquivo como foto ou PDF, ou ligue para { $phone }.
# status: draft
call-says = { $school }. Este número é para mensagens de texto. Envie uma mensagem em português ou ligue para a secretaria: { $phone }.
# status: draft
call-missed = { $school }. Agora ninguém pode atender a sua ligação. Vimos que você ligou e vamos entrar em contato. Você também pode mandar uma mensagem em português.
