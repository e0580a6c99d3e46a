#pragma once

#include <clairgate/io/http.hpp>

#include <string>
#include <string_view>

namespace clairgate::registry {

/// The error of an exchange that brought no answer, with the setting that may mend it: the CA, TLS
/// or not, an address that is not public.
Error connection_failed(Error error, std::string_view registry, io::UrlOrigin const& origin);

/// The error for an answer that was not the wanted one. `login` says with which credential we
/// asked, or where one was looked for ("" when the registry asked for none).
Error answer_failed(std::string_view method,
                    io::Response const& response,
                    std::string_view registry,
                    std::string_view login,
                    SystemTime now);

} // namespace clairgate::registry
