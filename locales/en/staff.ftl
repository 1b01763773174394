# Lines to staff. Only languages staff work in. A count and a link: no child, no content.

# status: draft
staff-new-reply = Families answered you. Conversations with something new: { $count }. Read them here: { $link }
# status: draft
staff-new-reply-subject = Families answered you
# status: draft
staff-day = Families answered you today. Conversations with something new: { $count }. Read them here: { $link }
# status: draft
staff-day-subject = Families answered you today
# status: draft
staff-risk = A family's words may mean danger. Read them now, and say that you have it: { $link }
# status: draft
staff-risk-subject = Please read now: words that may mean danger
# status: draft
staff-answer-here = Or answer this email: what you write goes to the family of this conversation, in its language. Read their words first.
# status: draft
staff-answer-waits = Your answer has not gone to the family yet. Somebody checks the translation first. See it here: { $link }
# status: draft
staff-answer-waits-subject = Your answer waits to be checked
# status: draft
staff-answer-unread = Your email did not go to the family: there are words of theirs that you have not read yet. Read them and answer here: { $link }
# status: draft
staff-answer-unread-subject = Please read first: your email was not sent
# status: draft
staff-answer-no-files = The files with your email did not go to the family: only words can. See what went here: { $link }
# status: draft
staff-answer-no-files-subject = Your files did not go to the family
# status: draft
staff-answer-not-sent = Your email did not go to any family. Please write to them here: { $link }
# status: draft
staff-answer-not-sent-subject = Your email was not sent
# status: draft
staff-not-reached = What you sent could not reach every family. Not reached: { $count }. The office has them on its list to tell by hand. See which: { $link }
# status: draft
staff-not-reached-subject = Not every family was reached
# status: draft
staff-code = { $code } is your Homeword code. It is good for 15 minutes. If you did not ask for it, do nothing.
