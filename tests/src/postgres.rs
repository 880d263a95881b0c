//! A real PostgreSQL in a folder of its own, on loopback, for one test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A running cluster; stopped and removed when dropped.
#[derive(Debug)]
pub struct Postgres {
    dir: PathBuf,
    bin: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts one.
    ///
    /// # Panics
    /// If PostgreSQL's server programs are missing (`tests/run` installs them) or do not start.
    #[must_use]
    pub fn start(name: &str) -> Self {
        let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL; tests/run installs it");
        let newest =
            versions.filter_map(Result::ok).map(|v| v.path()).max().expect("a version of PostgreSQL");
        let dir = std::env::temp_dir().join(format!("mohar-pg-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("a folder");
        // The server refuses to run as root.
        run(Command::new("chown").arg("postgres").arg(&dir));
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let cluster = Self { bin: newest.join("bin"), dir, port };
        let data = cluster.dir.join("data");
        run(cluster
            .program("initdb")
            .args(["--auth=trust", "--username=mohar", "--encoding=UTF8", "-D"])
            .arg(&data));
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
        run(cluster
            .program("pg_ctl")
            .args(["start", "-w", "-D"])
            .arg(&data)
            .args(["-o", &options, "-l"])
            .arg(cluster.dir.join("log")));
        cluster
    }

    /// The address of its database.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://mohar@127.0.0.1:{}/postgres", self.port)
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(self.bin.join(name)).current_dir(Path::new("/tmp"));
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self
            .program("pg_ctl")
            .args(["stop", "-m", "immediate", "-D"])
            .arg(self.dir.join("data"))
            .output();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn run(command: &mut Command) {
    let status = command.stdout(std::process::Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?}");
}
