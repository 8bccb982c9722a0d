package cloud

import (
	"log/slog"
	"os"
	"path/filepath"

	"flashmentoring/internal/telemetry"
)

// openLog makes the log of this run: what the functions write, and what happens around them.
func (c *Cloud) openLog() error {
	c.logFile = filepath.Join(c.config.DataDir, "functions.log")
	file, err := os.OpenFile(c.logFile, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	c.onClose(file.Close)
	c.logOut, c.log = file, telemetry.NewLogger(file, slog.LevelInfo)
	return nil
}
