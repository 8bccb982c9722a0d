// Package benchmarks measures what the product adds to a request and to a minute of the clock, through everything that is
// deployed but the network: proof.md P4 and P7. The benchmarks are in its tests; baseline.txt is what an earlier run of all
// benchmarks measured, for benchstat to compare with. `make bench` runs them all and says what is within its limit.
package benchmarks

import (
	"strings"

	"flashmentoring/internal/samtemplate"
)

// Environment is the environment that template.yaml, in the file given, gives to a function by its logical id, with values
// of the kind that CloudFormation would fill in; parameters go before the template's defaults.
func Environment(template, function string, parameters map[string]string) (map[string]string, error) {
	t, err := samtemplate.Load(template)
	if err != nil {
		return nil, err
	}
	filled := deployed()
	for name, value := range parameters {
		filled.Refs[name] = value
	}
	return t.Environment(function, filled)
}

func deployed() samtemplate.Values {
	return samtemplate.Values{
		Refs: map[string]string{
			"TokenIssuer": "https://issuer.example.org", "TokenAudience": "flash", "MailDomain": "example.org", "Table": "flash",
			"CursorKey": "cursor", "LinkKey": "link", "LinkKeyBefore": "before", "HttpApi.ApiEndpoint": "https://api.example.org",
			"ConfigurationSet": "flash", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012", "AWS::Partition": "aws", "AWS::StackName": "flash",
		},
		Dynamic: map[string]string{
			"secretsmanager:cursor":                     strings.Repeat("c", 32),
			"secretsmanager:link:SecretString:id":       "1",
			"secretsmanager:link:SecretString:secret":   strings.Repeat("l", 32),
			"secretsmanager:before:SecretString:id":     "0",
			"secretsmanager:before:SecretString:secret": strings.Repeat("b", 32),
		},
	}
}
