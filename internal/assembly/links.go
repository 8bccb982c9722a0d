package assembly

import (
	"flashmentoring/internal/config"
	"flashmentoring/internal/links"
)

// Links signs and reads the links in mails, to pages at base; see [links.New].
func Links(base string, keys []config.LinkKey) (*links.Signer, error) {
	signing := make([]links.Key, len(keys))
	for i, k := range keys {
		signing[i] = links.Key{ID: k.ID, Secret: []byte(k.Secret)}
	}
	return links.New(base, signing...)
}
