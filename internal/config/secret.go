package config

import "log/slog"

// Secret is a value that must not appear anywhere. Printed, logged or marshalled, it shows only that it is there;
// string(s) is the value.
type Secret string

const hidden = "[secret]"

// String implements fmt.Stringer.
func (Secret) String() string { return hidden }

// GoString implements fmt.GoStringer, for %#v.
func (Secret) GoString() string { return hidden }

// MarshalText implements encoding.TextMarshaler, for JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }
