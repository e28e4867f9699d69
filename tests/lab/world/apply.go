package world

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Apply makes the compiled objects those of another plan of the cluster, one by one, as `kubectl apply --prune` does: first
// what is new or has changed, then what is gone. It calls `changed` after each.
func (s *Site) Apply(other *Site, changed func()) {
	wanted := other.Objects[:other.Compiled]
	for _, object := range wanted {
		at := s.compiled(object)
		switch {
		case at < 0:
			object.metadata()["uid"] = fmt.Sprintf("uid-%d-%s", s.Index, object.key()) // numbers are taken
			s.Objects = slices.Insert(s.Objects, s.Compiled, object)
			s.Compiled++
		default:
			if uid, has := s.Objects[at].metadata()["uid"]; has {
				object.metadata()["uid"] = uid
			}
			if reflect.DeepEqual(s.Objects[at].metadata(), object.metadata()) && reflect.DeepEqual(s.Objects[at].spec(), object.spec()) {
				continue
			}
			s.Objects[at] = object
		}
		changed()
	}
	for at := 0; at < s.Compiled; at++ {
		if slices.ContainsFunc(wanted, func(object Object) bool { return object.key() == s.Objects[at].key() }) {
			continue
		}
		s.Objects = slices.Delete(s.Objects, at, at+1)
		s.Compiled--
		at--
		changed()
	}
}

// compiled is where an object's predecessor is; -1: it has none.
func (s *Site) compiled(object Object) int {
	return slices.IndexFunc(s.Objects[:s.Compiled], func(one Object) bool { return one.key() == object.key() })
}

// key is what an API server knows an object by, in all versions.
func (o Object) key() string {
	group, _, _ := strings.Cut(o.API(), "/")
	return strings.Join([]string{group, o.Kind(), o.Namespace(), o.Name()}, " ")
}
