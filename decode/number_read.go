package decode

import (
	"encoding/json"
	"fmt"
)

// UnmarshalJSON reads what MarshalJSON writes, keeping the digits.
func (n *Number) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case 'n':
		*n = ""
		return nil
	case '"':
		return json.Unmarshal(data, (*string)(n))
	}
	if !Number(data).bounded() {
		return fmt.Errorf("%w: %.40q", ErrNumber, data)
	}
	*n = Number(data)
	return nil
}
