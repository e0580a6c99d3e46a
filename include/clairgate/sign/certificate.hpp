#pragma once

#include <clairgate/base/result.hpp>

#include <string>
#include <string_view>

namespace clairgate::sign {

/// Who a Fulcio certificate says its key belonged to: the subject alternative name and the OIDC
/// issuer (extension 1.3.6.1.4.1.57264.1.8, or .1 in older certificates), as the bytes that stand
/// there. Only good for comparing certificates: nothing here proves who issued one. Kind protocol
/// where one of the two is missing or comes twice.
Result<std::string> identity_in_certificate(std::string_view der);

} // namespace clairgate::sign
