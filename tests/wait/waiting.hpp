#pragma once

#include <clairgate/base/text.hpp>
#include <clairgate/wait/sighting.hpp>

#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <support/loopback_server.hpp>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>
#include <vector>

namespace clairgate::test {

/// In place, as most builders write.
inline void write(std::filesystem::path const& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A folder of a build, a registry on loopback, and the surroundings of the sources.
class Waiting {
  public:
    Waiting()
        : server(world.context, [this](Received const& request) { return answer(request); }),
          client(world.world, registry::Options()),
          surroundings{world.world, client, options, [this](std::string_view what) {
                           told.emplace_back(what);
                       }} {
        options.timeout = std::chrono::milliseconds(1500);
        options.poll_interval = std::chrono::milliseconds(20);
    }

    std::filesystem::path const& folder() const { return folder_.path(); }
    std::string repository() const { return cat(server.host(), "/app"); }

    /// Serves the bytes under their digest, and under `tag`; gives the digest.
    std::string push(std::string const& bytes, std::string const& tag = "") {
        auto const digest = image::Digest::of(bytes).text();
        served[cat("/v2/app/manifests/", digest)] = bytes;
        if (!tag.empty())
            served[cat("/v2/app/manifests/", tag)] = bytes;
        return digest;
    }

    struct Pushed {
        std::string manifest; ///< digest
        std::string config;   ///< digest: the image ID
    };
    /// A whole image of one platform.
    Pushed push_image(std::string const& tag) {
        std::string const config =
            R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers",)"
            R"("diff_ids":["sha256:)" +
            std::string(64, 'a') + R"("]}})";
        auto const digest = image::Digest::of(config).text();
        served["/v2/app/blobs/" + digest] = config;
        auto const manifest =
            cat(R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)",
                R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")",
                digest,
                R"(","size":)",
                config.size(),
                R"(},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip",)",
                R"("digest":"sha256:)",
                std::string(64, 'b'),
                R"(","size":10}]})");
        return {push(manifest, tag), digest};
    }

    /// Runs `action` on the event loop after a while.
    void later(Duration delay, std::function<void()> action) {
        auto timer = std::make_unique<boost::asio::steady_timer>(world.context, delay);
        timer->async_wait([action = std::move(action)](boost::system::error_code failed) {
            if (!failed)
                action();
        });
        timers_.push_back(std::move(timer));
    }

    Result<wait::Sighting> sight() { return world.run(wait::first_sighting(surroundings)); }

    TestWorld world;
    std::map<std::string, std::string> served; ///< path → bytes
    std::function<std::optional<Answer>(Received const&)> fault;
    LoopbackServer server;
    registry::Client client;
    wait::Options options;
    std::vector<std::string> told; ///< progress
    wait::Surroundings surroundings;

  private:
    Answer answer(Received const& request) const {
        if (fault)
            if (auto wrong = fault(request))
                return *wrong;
        auto const found = served.find(request.target);
        if (found == served.end())
            return Answer::json(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})");
        Answer answer = Answer::text(200, found->second);
        bool const is_blob = request.target.find("/blobs/") != std::string::npos;
        answer.headers = {
            {"Content-Type",
             is_blob ? "application/octet-stream" : "application/vnd.oci.image.manifest.v1+json"},
            {"Docker-Content-Digest", image::Digest::of(found->second).text()}};
        return answer;
    }

    TempDir folder_;
    std::vector<std::unique_ptr<boost::asio::steady_timer>> timers_;
};

} // namespace clairgate::test
