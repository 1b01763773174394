# Lines to staff. Only languages staff work in.

# status: draft
staff-new-reply = A family answered. Read it here: { $link }
# status: draft
staff-risk = A family's words may mean danger. Read them now: { $link }
# status: draft
staff-new-reply-subject = A family answered
