#include <clairgate/io/process.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sign/openssl_peer.hpp>
#include <utility>

namespace clairgate::sign {

namespace {

Result<io::Completed> ended(test::TestWorld& world,
                            std::filesystem::path const& folder,
                            std::vector<std::string> arguments) {
    io::Command command;
    command.program = "/usr/bin/openssl";
    command.arguments = std::move(arguments);
    command.environment = {{"PATH", "/usr/bin:/bin"}};
    command.folder = folder;
    auto const deadline = Deadline::after(world.clock, std::chrono::seconds(60));
    return world.run(io::run_process(std::move(command), world.clock, deadline));
}

} // namespace

std::string OpenSslPeer::run(std::vector<std::string> arguments) {
    auto const completed = ended(world_, folder_.path(), std::move(arguments));
    if (!completed.has_value() || !completed->exit.ok()) {
        ADD_FAILURE() << (completed.has_value() ? completed->error_output
                                                : completed.error().text());
        return {};
    }
    return completed->output;
}

bool OpenSslPeer::succeeds(std::vector<std::string> arguments) {
    auto const completed = ended(world_, folder_.path(), std::move(arguments));
    return completed.has_value() && completed->exit.ok();
}

void OpenSslPeer::write(std::string_view name, std::string_view bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
}

std::string OpenSslPeer::read(std::string_view name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Secret OpenSslPeer::private_key(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "genpkey");
    return Secret(run(std::move(arguments)));
}

std::string OpenSslPeer::public_key(Secret const& key, std::string const& form) {
    write("key", key.reveal());
    return run({"pkey", "-in", "key", "-pubout", "-outform", form});
}

std::string
OpenSslPeer::sign(Secret const& key, std::string_view message, std::string const& hash) {
    write("key", key.reveal());
    write("message", message);
    return run({"dgst", "-" + hash, "-sign", "key", "message"});
}

std::string OpenSslPeer::sign_whole(Secret const& key, std::string_view message) {
    write("key", key.reveal());
    write("message", message);
    return run({"pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "message"});
}

bool OpenSslPeer::verifies(std::string_view public_pem,
                           std::string_view message,
                           std::string_view signature) {
    write("public", public_pem);
    write("message", message);
    write("signature", signature);
    return succeeds({"dgst", "-sha256", "-verify", "public", "-signature", "signature", "message"});
}

bool OpenSslPeer::verifies_whole(std::string_view public_pem,
                                 std::string_view message,
                                 std::string_view signature) {
    write("public", public_pem);
    write("message", message);
    write("signature", signature);
    return succeeds({"pkeyutl",
                     "-verify",
                     "-rawin",
                     "-pubin",
                     "-inkey",
                     "public",
                     "-sigfile",
                     "signature",
                     "-in",
                     "message"});
}

} // namespace clairgate::sign
