package mentoring

import "strings"

// OrganisationOf derives the organisation from a verified address: its domain, in lower case, or none for
// providers of free mail, whose users share nothing. It is never the person's own word, because audiences
// and affiliation rest on it (product.md section 3).
func OrganisationOf(email string) string {
	at := strings.LastIndexByte(email, '@') // the local part may hold one, in quotes
	domain := strings.ToLower(email[at+1:])
	if at < 0 || freeMail[domain] {
		return ""
	}
	return domain
}

// freeMail are the providers whose addresses say nothing about an employer.
var freeMail = set(`
	126.com 163.com aol.com att.net bigpond.com bk.ru bluewin.ch btinternet.com comcast.net daum.net duck.com
	fastmail.com foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.co.uk gmx.com gmx.de gmx.net
	googlemail.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it
	icloud.com inbox.ru laposte.net libero.it live.co.uk live.com live.de live.nl mac.com mail.com mail.ru
	mailbox.org me.com msn.com naver.com o2.pl orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.it
	pm.me posteo.de privaterelay.appleid.com proton.me protonmail.com qq.com rediffmail.com rocketmail.com
	sbcglobal.net seznam.cz sfr.fr sina.com t-online.de tuta.com tuta.io tutanota.com uol.com.br verizon.net
	virgilio.it wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar
	yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// Affiliation says how near an expert stands to the person who looks (product.md section 3).
type Affiliation string

const (
	SameTeam         Affiliation = "same_team" // one manager, or one manages the other
	SameOrganisation Affiliation = "same_organisation"
	Outside          Affiliation = "outside"
	UnknownRelation  Affiliation = "unknown"
)

// Affiliations are all there are, from near to far.
var Affiliations = []Affiliation{SameTeam, SameOrganisation, Outside, UnknownRelation}

// AffiliationOf compares two organisations: of the one who looks and of the expert.
func AffiliationOf(viewer, expert string) Affiliation {
	switch {
	case viewer == "" || expert == "":
		return UnknownRelation
	case viewer == expert:
		return SameOrganisation
	}
	return Outside
}
