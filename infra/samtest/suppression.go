package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"flashmentoring/infra/local/cloud"
)

// mailEvent is what an event of SES says about addresses.
type mailEvent struct {
	Source string `json:"source"`
	Detail struct {
		EventType string `json:"eventType"`
		Bounce    struct {
			BounceType string `json:"bounceType"`
		} `json:"bounce"`
		Mail struct {
			Destination []string `json:"destination"`
		} `json:"mail"`
	} `json:"detail"`
}

// suppresses reports whether no mail may go to the addresses any more.
func (e mailEvent) suppresses() bool {
	return e.Detail.EventType == "Complaint" || e.Detail.EventType == "Bounce" && e.Detail.Bounce.BounceType == "Permanent"
}

// suppressed returns what is wrong with the effect of the samples from SES, by what those with their addresses are told.
func (j judge) suppressed(ctx context.Context, samples []sample) error {
	var wrong []error
	for _, s := range samples {
		var e mailEvent
		if err := json.Unmarshal(s.text, &e); err != nil || e.Source != "aws.ses" {
			continue // it is of something else
		}
		for _, address := range e.Detail.Mail.Destination {
			got, err := j.isSuppressed(ctx, address)
			if err == nil && got != e.suppresses() {
				err = fmt.Errorf("%s: that %s is suppressed is %t", s.name, address, got)
			}
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

// isSuppressed is what somebody with this address is told.
func (j judge) isSuppressed(ctx context.Context, address string) (bool, error) {
	token, err := j.cloud.Token(cloud.Person{Sub: address, Email: address, Name: "A reader"})
	if err != nil {
		return false, err
	}
	if _, err := j.ask(ctx, http.MethodPut, token, `{"name":"A reader","timeZone":"UTC","acceptGroundRules":true}`); err != nil {
		return false, err
	}
	text, err := j.ask(ctx, http.MethodGet, token, "")
	if err != nil {
		return false, err
	}
	var me struct {
		Mail struct {
			Suppressed bool `json:"suppressed"`
		} `json:"mail"`
	}
	err = json.Unmarshal(text, &me)
	return me.Mail.Suppressed, err
}
