package mail

import "flashmentoring/internal/mentoring"

// StrikeRule is what the letter about a strike says of the rule (product.md section 7): so many within so many days keep
// somebody from booking and publishing for so many days.
type StrikeRule struct{ Strikes, Within, Cooldown int }

// DefaultStrikeRule are the numbers of product.md section 7.
var DefaultStrikeRule = StrikeRule{Strikes: 3, Within: 90, Cooldown: 28}

// strike tells somebody what was counted against them and what follows. After the first nothing does: it explains the
// rule.
func strike(v *narrator, n mentoring.Notice) letter {
	what := "strike.absent"
	if n.Booking.Status == mentoring.Cancelled || n.Slot.Status == mentoring.SlotCancelled {
		what = "strike.late"
	}
	follows := "strike.more"
	switch {
	case !n.CooldownUntil.IsZero():
		follows = "strike.cooldown"
	case n.Strikes <= 1:
		follows = "strike.first"
	}
	return letter{
		Subject:  v.say(what + ".subject"),
		Heading:  v.say(what + ".heading"),
		Opening:  v.paragraphs("greeting", what+"."+string(n.Role), "strike.why", follows, what+".wrong"),
		Sections: []section{v.theFormer(n)},
		Footer:   v.footer(n),
	}
}
