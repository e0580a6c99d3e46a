#pragma once

#include <clairgate/gate/settings.hpp>

#include <string_view>
#include <vector>

namespace clairgate::gate {

/// What is wrong with settings that each look right alone, or with the spelling of host lists; all
/// of it, each naming the setting and the remedy. Kind usage. Told before anything is started.
///
/// Hosts are host[:port]; --layer-host is FROM=TO, each host[:port] or scheme://host[:port], a FROM
/// once only; --updater-url is KEY=URL. --clair-psk-file and --clair-ca need --clair-url (without
/// it the local engine would judge, which nobody asked for), --registry-ca needs --image (it holds
/// for that registry alone).
std::vector<Error> mistakes_in(Settings const& settings);

/// The list of mistakes as one result.
Result<void> first_with_others(std::vector<Error> mistakes);

} // namespace clairgate::gate
