package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
)

// Config says how to run a local cloud.
type Config struct {
	// Port to listen on, on this machine only; 0 takes any free one.
	Port int
	// DataDir is the folder to keep everything in; ".local" where empty. It is made where it is missing.
	DataDir string
	// Table is what the table runs on; Bolt where empty.
	Table Engine
	// Empty begins without the people, slots and bookings a new data folder gets otherwise.
	Empty bool
	// Root is the folder of template.yaml; where empty, it is looked for from the working folder upwards.
	Root string
	// Host is what the issuer calls this machine in its name; "localhost" where empty. Where functions run in containers it
	// must be what the containers call it, or they find no keys.
	Host string
	// Mailer is called with what the stream brings, in place of the mailer in this process, where it is set.
	Mailer func(ctx context.Context, event []byte) (answer []byte, err error)
	// Parameters are values for parameters of the template, by name, in place of its defaults.
	Parameters map[string]string
}

// limits are the parameters that may be raised from outside, by the variables the functions know them by: one person
// alone can meet them with a script.
var limits = map[string]string{"RATE_WRITES_PER_MINUTE": "WritesPerMinute", "RATE_READS_PER_MINUTE": "ReadsPerMinute"}

const defaultDataDir = ".local"

// Engine is what the table runs on.
type Engine string

const (
	// Bolt is the embedded table, kept in the data folder.
	Bolt Engine = "bolt"
	// DynamoDBLocal is the real DynamoDB Local. It keeps its records in memory, so everything begins anew at each start.
	DynamoDBLocal Engine = "dynamodb-local"
)

func (e Engine) describe() string {
	if e == DynamoDBLocal {
		return "DynamoDB Local, in memory"
	}
	return "bbolt, in one file"
}

// FromEnvironment reads PORT, DATA_DIR, TABLE, SEED, RATE_WRITES_PER_MINUTE and RATE_READS_PER_MINUTE. The error names every
// value that cannot be used; the last two are checked at the start, by the function they are for.
func FromEnvironment(getenv func(string) string) (Config, error) {
	c := Config{DataDir: cmp.Or(getenv("DATA_DIR"), defaultDataDir), Table: Engine(cmp.Or(getenv("TABLE"), string(Bolt)))}
	var wrong []error
	var err error
	if c.Port, err = strconv.Atoi(cmp.Or(getenv("PORT"), "3000")); err != nil || c.Port < 0 || c.Port > 65535 {
		wrong = append(wrong, fmt.Errorf("PORT is %q; it must be a number from 0 (any free port) to 65535", getenv("PORT")))
	}
	if c.Table != Bolt && c.Table != DynamoDBLocal {
		wrong = append(wrong, fmt.Errorf("TABLE is %q; it must be %s or %s", c.Table, Bolt, DynamoDBLocal))
	}
	switch seed := getenv("SEED"); seed {
	case "off":
		c.Empty = true
	case "", "on":
	default:
		wrong = append(wrong, fmt.Errorf("SEED is %q; it must be on or off", seed))
	}
	for variable, parameter := range limits {
		if value := getenv(variable); value != "" {
			if c.Parameters == nil {
				c.Parameters = map[string]string{}
			}
			c.Parameters[parameter] = value
		}
	}
	return c, errors.Join(wrong...)
}
