package reach

import (
	"regexp"
	"slices"
	"strings"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	netrbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	matcherv3 "github.com/envoyproxy/go-control-plane/envoy/type/matcher/v3"
)

type matcher = matcherv3.StringMatcher

// admits says whether all rules of a chain let a caller in. Without a certificate the identity is empty.
func admits(chain *listener.FilterChain, identity string, port int) bool {
	for _, rules := range rulesOf(chain) {
		matched := slices.ContainsFunc(slices.Collect(policies(rules)), func(policy *rbac.Policy) bool {
			return slices.ContainsFunc(policy.Permissions, func(p *rbac.Permission) bool { return permits(p, port) }) &&
				slices.ContainsFunc(policy.Principals, func(p *rbac.Principal) bool { return is(p, identity) })
		})
		if matched != (rules.Action == rbac.RBAC_ALLOW) && rules.Action != rbac.RBAC_LOG {
			return false
		}
	}
	return true
}

func policies(rules *rbac.RBAC) func(func(*rbac.Policy) bool) {
	return func(yield func(*rbac.Policy) bool) {
		for _, policy := range rules.GetPolicies() {
			if !yield(policy) {
				return
			}
		}
	}
}

// rulesOf are the rules of a chain's filters, of the network and of HTTP.
func rulesOf(chain *listener.FilterChain) []*rbac.RBAC {
	var found []*rbac.RBAC
	for _, filter := range chain.GetFilters() {
		config, own, manager := filter.GetTypedConfig(), &netrbac.RBAC{}, &hcm.HttpConnectionManager{}
		if config.MessageIs(own) && config.UnmarshalTo(own) == nil && own.Rules != nil {
			found = append(found, own.Rules)
		}
		if !config.MessageIs(manager) || config.UnmarshalTo(manager) != nil {
			continue
		}
		for _, inner := range manager.HttpFilters {
			rules := &httprbac.RBAC{}
			if inner.GetTypedConfig().MessageIs(rules) && inner.GetTypedConfig().UnmarshalTo(rules) == nil && rules.Rules != nil {
				found = append(found, rules.Rules)
			}
		}
	}
	return found
}

func permits(p *rbac.Permission, port int) bool {
	inner := func(one *rbac.Permission) bool { return permits(one, port) }
	switch rule := p.Rule.(type) {
	case *rbac.Permission_Any:
		return rule.Any
	case *rbac.Permission_AndRules:
		return !slices.ContainsFunc(rule.AndRules.Rules, func(one *rbac.Permission) bool { return !inner(one) })
	case *rbac.Permission_OrRules:
		return slices.ContainsFunc(rule.OrRules.Rules, inner)
	case *rbac.Permission_NotRule:
		return !inner(rule.NotRule)
	case *rbac.Permission_DestinationPort:
		return int(rule.DestinationPort) == port
	}
	panic("a permission that is not understood: " + p.String())
}

func is(p *rbac.Principal, identity string) bool {
	inner := func(one *rbac.Principal) bool { return is(one, identity) }
	switch id := p.Identifier.(type) {
	case *rbac.Principal_Any:
		return id.Any
	case *rbac.Principal_AndIds:
		return !slices.ContainsFunc(id.AndIds.Ids, func(one *rbac.Principal) bool { return !inner(one) })
	case *rbac.Principal_OrIds:
		return slices.ContainsFunc(id.OrIds.Ids, inner)
	case *rbac.Principal_NotId:
		return !inner(id.NotId)
	case *rbac.Principal_Authenticated_:
		return identity != "" && (id.Authenticated.PrincipalName == nil || text(id.Authenticated.PrincipalName, identity))
	case *rbac.Principal_FilterState:
		return identity != "" && text(id.FilterState.GetStringMatch(), identity)
	}
	panic("a principal that is not understood: " + p.String())
}

func text(match *matcher, value string) bool {
	switch pattern := match.MatchPattern.(type) {
	case *matcherv3.StringMatcher_Exact:
		return value == pattern.Exact
	case *matcherv3.StringMatcher_Prefix:
		return strings.HasPrefix(value, pattern.Prefix)
	case *matcherv3.StringMatcher_Suffix:
		return strings.HasSuffix(value, pattern.Suffix)
	case *matcherv3.StringMatcher_Contains:
		return strings.Contains(value, pattern.Contains)
	case *matcherv3.StringMatcher_SafeRegex:
		return regexp.MustCompile("^(?:" + pattern.SafeRegex.Regex + ")$").MatchString(value)
	}
	return true
}
