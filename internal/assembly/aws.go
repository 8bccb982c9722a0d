package assembly

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// AWS is what a function needs to call AWS. Everything is in its environment: the region, the credentials of its
// role, and endpoints other than AWS's own (AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SESV2), where it does not
// run in the cloud. The SDK's LoadDefaultConfig would look for the same in files, in the instance's metadata and in
// single sign-on, and bring the clients of all these along: 2 MB of binary, and time at each cold start.
func AWS() (aws.Config, error) {
	env, err := awsconfig.NewEnvConfig()
	if err != nil {
		return aws.Config{}, err
	}
	if env.Region == "" || !env.Credentials.HasKeys() {
		return aws.Config{}, fmt.Errorf("AWS_REGION and AWS_ACCESS_KEY_ID with its secret must be in the environment")
	}
	return aws.Config{
		Region:        env.Region,
		Credentials:   credentials.StaticCredentialsProvider{Value: env.Credentials},
		ConfigSources: []any{env},
	}, nil
}
