package samtemplate

import (
	"cmp"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// Function is a Lambda function of the template.
type Function struct {
	// ID is the logical id, such as "ApiFunction".
	ID string
	// Runtime is what runs its code, such as "provided.al2023".
	Runtime string
	// Timeout is how long one invocation may take, and MemorySize what it may use, in MiB.
	Timeout    time.Duration
	MemorySize int
	// Events are what wakes the function, by name.
	Events []Event
}

// Event is one source of events of a function.
type Event struct {
	// Name is unique within the function.
	Name string
	// Type is SAM's: "HttpApi", "DynamoDB", "ScheduleV2".
	Type       string
	properties yaml.Node
}

// Property reads one property into a value, as package yaml would; a property that is not there leaves the
// value as it is. It returns an error when the property is of another form.
func (e Event) Property(name string, into any) error {
	if e.properties.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(e.properties.Content); i += 2 {
		if e.properties.Content[i].Value == name {
			return e.properties.Content[i+1].Decode(into)
		}
	}
	return nil
}

// function is what SAM calls AWS::Serverless::Function, and Globals.Function with the same fields.
type function struct {
	Runtime     string `yaml:"Runtime"`
	Timeout     int    `yaml:"Timeout"`
	MemorySize  int    `yaml:"MemorySize"`
	Role        text   `yaml:"Role"`
	Environment struct {
		Variables map[string]value `yaml:"Variables"`
	} `yaml:"Environment"`
	Events map[string]struct {
		Type       string    `yaml:"Type"`
		Properties yaml.Node `yaml:"Properties"`
	} `yaml:"Events"`
}

// Functions are all functions, sorted by id, with Globals applied.
func (t *Template) Functions() []Function {
	var all []Function
	for _, id := range sortedKeys(t.functions) {
		f := t.functions[id]
		one := Function{ID: id, Runtime: cmp.Or(f.Runtime, t.globals.Runtime), Timeout: time.Duration(f.Timeout) * time.Second, MemorySize: f.MemorySize}
		if one.Timeout == 0 {
			one.Timeout = time.Duration(t.globals.Timeout) * time.Second
		}
		if one.MemorySize == 0 {
			one.MemorySize = t.globals.MemorySize
		}
		for _, name := range sortedKeys(f.Events) {
			one.Events = append(one.Events, Event{name, f.Events[name].Type, f.Events[name].Properties})
		}
		all = append(all, one)
	}
	return all
}

func (t *Template) function(id string) (function, error) {
	f, ok := t.functions[id]
	if !ok {
		return function{}, fmt.Errorf("template: no function %q; there are %v", id, sortedKeys(t.functions))
	}
	return f, nil
}
