package rekognition_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/lvtool/lvtool/decode/rekognition"
)

// exampleConfig is for a server that answers in the service's place. In real life the configuration
// comes from config.LoadDefaultConfig.
func exampleConfig(server *httptest.Server) aws.Config {
	return aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL}
}

func ExampleClient_Fetch() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"SessionId":"8d4e","Status":"SUCCEEDED","Confidence":97.50}`)
	}))
	defer server.Close()

	client := rekognition.New(exampleConfig(server), rekognition.Options{})
	answer, err := client.Fetch(context.Background(), "8d4e")
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s\n%s\n", answer.Body, answer.SHA256())
	// Output:
	// {"SessionId":"8d4e","Status":"SUCCEEDED","Confidence":97.50}
	// cfd32b3160a459ea34f491caf104721950602c112f34cfa78d72569781680c00
}

func ExampleClient_Wait() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"SessionId":"8d4e","Status":"IN_PROGRESS"}`)
	}))
	defer server.Close()

	client := rekognition.New(exampleConfig(server), rekognition.Options{})
	answer, err := client.Wait(context.Background(), "8d4e", rekognition.WaitOptions{
		First: time.Millisecond, Timeout: 50 * time.Millisecond,
	})
	fmt.Println(errors.Is(err, rekognition.ErrNotEnded), answer.Ended())
	// Output: true false
}
