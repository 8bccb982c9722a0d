package telemetry

// SetBuild says what the program was made from, until it is called again.
func SetBuild(name string) { build = name }
