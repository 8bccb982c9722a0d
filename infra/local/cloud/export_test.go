package cloud

import (
	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/links"
)

// Links signs links as the mails here do.
func (c *Cloud) Links() (*links.Signer, error) {
	secrets, err := c.secrets()
	if err != nil {
		return nil, err
	}
	return assembly.Links(c.url, []config.LinkKey{{
		ID:     secrets["secretsmanager:link-key:SecretString:id"],
		Secret: config.Secret(secrets["secretsmanager:link-key:SecretString:secret"]),
	}})
}
