// Nothing is built here: the modules bring the schemas of the policies that admission controllers read.
module clairgate/peers/admission

go 1.26.6

require (
	github.com/kyverno/kyverno v1.19.1
	github.com/ratify-project/ratify v1.4.6
	github.com/sigstore/policy-controller v0.15.1
)
