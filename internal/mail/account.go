package mail

// Account is what the mail service allows us at present.
type Account struct {
	Enabled bool    // false: it takes no message of ours until somebody sets something right
	Rate    float64 // messages a second
	Quota   float64 // messages in 24 hours; any number where it is negative
	Sent    float64 // messages in the 24 hours before now, by everybody who uses the account
}
