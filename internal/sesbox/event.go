package sesbox

import (
	"encoding/json"
	"time"
)

// Outcome is what became of a mail after it was taken.
type Outcome string

const (
	Bounced     Outcome = "bounce"      // there is no such mailbox
	SoftBounced Outcome = "soft bounce" // the mailbox was full, again and again
	Complained  Outcome = "complaint"   // its reader called it spam
	Delivered   Outcome = "delivery"    // the reader's mail server has it
)

// Place is where an account of SES is, and which configuration set the mail went out with.
type Place struct{ Account, Region, ConfigurationSet string }

// Event is the event that SES publishes to EventBridge of a mail's outcome, in the form of the Amazon SES developer
// guide, "Monitoring SES events using Amazon EventBridge" and "Contents of event data that Amazon SES publishes to Amazon
// SNS". The same mail, outcome and time give the same event.
func (m Mail) Event(o Outcome, p Place, at time.Time) []byte {
	stamp := at.UTC().Format("2006-01-02T15:04:05.000Z")
	kind, eventType, about := m.outcome(o, stamp)
	source := "arn:aws:ses:" + p.Region + ":" + p.Account
	text, _ := json.Marshal(map[string]any{ // texts always are JSON
		"version": "0", "id": m.ID + "-" + string(o[0]) + "-" + at.UTC().Format("150405.000"), "detail-type": kind,
		"source": "aws.ses", "account": p.Account, "time": at.UTC().Format(time.RFC3339), "region": p.Region,
		"resources": []string{source + ":configuration-set/" + p.ConfigurationSet},
		"detail": map[string]any{
			"eventType": eventType, eventKey[eventType]: about,
			"mail": map[string]any{
				"timestamp": m.At.UTC().Format("2006-01-02T15:04:05.000Z"), "messageId": m.ID, "source": m.From,
				"sendingAccountId": p.Account, "destination": []string{m.To}, "headersTruncated": false,
				"tags": map[string][]string{"ses:configuration-set": {p.ConfigurationSet}, "kind": {m.Kind}},
			},
		},
	})
	return text
}

// eventKey names the part of an event that is about its type.
var eventKey = map[string]string{"Bounce": "bounce", "Complaint": "complaint", "Delivery": "delivery"}

func (m Mail) outcome(o Outcome, stamp string) (kind, eventType string, about map[string]any) {
	switch o {
	case Complained:
		return "Email Complaint Received", "Complaint", map[string]any{
			"complainedRecipients": []map[string]string{{"emailAddress": m.To}}, "complaintFeedbackType": "abuse",
			"userAgent": "Amazon SES Mailbox Simulator", "feedbackId": m.ID + "-feedback", "timestamp": stamp,
		}
	case Delivered:
		return "Email Delivered", "Delivery", map[string]any{
			"recipients": []string{m.To}, "processingTimeMillis": 100, "smtpResponse": "250 2.6.0 Message received", "timestamp": stamp,
		}
	}
	bounce := map[string]any{
		"bounceType": "Permanent", "bounceSubType": "NoEmail", "feedbackId": m.ID + "-feedback", "timestamp": stamp,
		"bouncedRecipients": []map[string]string{{
			"emailAddress": m.To, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown",
		}},
	}
	if o == SoftBounced {
		bounce["bounceType"], bounce["bounceSubType"] = "Transient", "MailboxFull"
		bounce["bouncedRecipients"] = []map[string]string{{"emailAddress": m.To, "action": "failed", "status": "5.2.2"}}
	}
	return "Email Bounced", "Bounce", bounce
}
